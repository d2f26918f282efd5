import Formats
import HTTP
import OrderedCollections
import Secrets
import Tree

/// Turns values into responses, in the format that the client asked for.
extension Call {
    /// Answers with a document that is kept as JSON.
    func answer(_ document: Document, of value: () throws(ServiceError) -> Value) throws(ServiceError) -> Response {
        if head.wantsYAML { return try answer(value()) }
        return head.knows(document.etag) ? document.unchanged(snapshot.revision) : document.response(snapshot.revision)
    }

    /// Answers with a value; a GET's answer has an entity tag.
    func answer(_ value: Value, status: Int = 200, headers: [(name: String, value: String)] = []) -> Response {
        guard head.wantsYAML else {
            return answer(json: JSON.encode(value) + [UInt8(ascii: "\n")], status: status, headers: headers)
        }
        return answer(whole: YAML.encode(value), status: status, type: "application/yaml", headers: headers)
    }

    /// Answers with a value written as JSON already.
    func answer(json: [UInt8], status: Int = 200, headers: [(name: String, value: String)] = []) -> Response {
        answer(whole: json, status: status, type: "application/json", headers: headers)
    }

    /// Answers with bytes; those of a GET's answer have an entity tag.
    func answer(
        whole bytes: [UInt8], status: Int = 200, type: String, headers: [(name: String, value: String)]
    ) -> Response {
        let isRead = head.method == .get || head.method == .head
        let etag = isRead && status == 200 ? Document.etag(of: bytes) : nil
        return answer(status, Body(bytes), etag: etag, type: type, headers: headers)
    }

    /// Answers with nothing but a status.
    func done() -> Response {
        Response(status: 204, headers: [revisionHeader])
    }

    /// Answers with bytes; without a tag they are nothing to ask for again.
    func answer(
        _ status: Int, _ body: Body, etag: String? = nil, type: String, headers: [(name: String, value: String)] = []
    ) -> Response {
        let common = [("Content-Type", type), revisionHeader] + headers
        guard let etag else { return Response(status: status, headers: common, body: body) }
        if head.knows(etag) { return Document.unchanged(etag, snapshot.revision) }
        return Response(status: status, headers: common + [("ETag", etag)], body: body)
    }

    private var revisionHeader: (name: String, value: String) { Document.header(snapshot.revision) }

    /// Whether a header such as `If-Match` lists this tag, or any.
    static func lists(_ etag: String, in header: String) -> Bool {
        header == etag
            || header.split(separator: ",").contains { item in
                let item = item.drop { $0 == " " }
                return item == "*" || item.trimmingSuffix(" ") == etag || item.trimmingSuffix(" ") == "W/" + etag
            }
    }
}

extension Head {
    /// Whether the client asks for YAML.
    var wantsYAML: Bool { withHeader("Accept") { $0.contains("yaml") } ?? false }

    /// Whether the client has what bears this tag already (RFC 9110 §13.1.2).
    func knows(_ etag: String) -> Bool { withTags { $0?.list(etag) == true } }

    /// What the client says of which it has (`If-None-Match`); nil if it says nothing.
    func withTags<Result>(_ body: (UnsafeRawBufferPointer?) -> Result) -> Result {
        withHeader("If-None-Match") { body($0) } ?? body(nil)
    }
}

extension UnsafeRawBufferPointer {
    /// Whether these bytes, a header such as `If-None-Match`, list this tag, or any.
    func list(_ etag: String) -> Bool {
        isSame(as: etag) || Call.lists(etag, in: String(decoding: self, as: UTF8.self))
    }

    /// Whether a text stands somewhere in these bytes.
    fileprivate func contains(_ text: String) -> Bool {
        indices.contains { self[$0...].starts(with: text.utf8) }
    }
}

extension Substring {
    fileprivate func trimmingSuffix(_ character: Character) -> Substring {
        var text = self
        while text.last == character { text.removeLast() }
        return text
    }
}

extension ServiceError {
    /// The error as an answer.
    func response(_ current: CurrentSnapshot) -> Response {
        document.response(current)
    }
}

extension ProblemDocument {
    /// The document as an answer, with what its status asks for.
    func response(_ current: CurrentSnapshot) -> Response {
        var headers: [(name: String, value: String)] = [
            ("Content-Type", "application/problem+json"),
            ("X-Headwater-Revision", String(current.snapshot.revision)),
        ]
        switch status {
        case 401:
            headers.append(("WWW-Authenticate", "Bearer realm=\"headwater\""))
            headers.append(("WWW-Authenticate", "Basic realm=\"headwater\", charset=\"UTF-8\""))
        case 429, 503, 507:
            headers.append(("Retry-After", String(retryAfter ?? 5)))
        default:
            break
        }
        return Response(status: status, headers: headers, body: Body(JSON.encode(.map(map)) + [UInt8(ascii: "\n")]))
    }
}
