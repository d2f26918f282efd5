import CMicroHTTPD
import Glibc
import TLS

/// A request as libmicrohttpd shows it, for the time of one callback.
struct Request {
    let connection: OpaquePointer
    let url: UnsafePointer<CChar>
    let method: UnsafePointer<CChar>
    let version: UnsafePointer<CChar>

    /// Whether the client speaks HTTP/1.1 or a later 1.x, and so knows of chunks (RFC 9110 §2.5).
    var isHTTP11: Bool { strcmp(version, "HTTP/1.0") != 0 }

    /// Whether a body follows the head.
    var hasBody: Bool {
        has("Content-Length") || has("Transfer-Encoding")
    }

    private func has(_ header: StaticString) -> Bool {
        header.withUTF8Buffer { name in
            name.withMemoryRebound(to: CChar.self) {
                MHD_lookup_connection_value_n(connection, .HEADER_KIND, $0.baseAddress, $0.count, nil, nil) == .YES
            }
        }
    }

    /// The path as sent.
    var path: UnsafeRawBufferPointer? {
        Target.path(of: UnsafeRawBufferPointer(start: url, count: strlen(url)))
    }

    /// The head that a handler gets. Throws 400 for what RFC 9110 and RFC 9112 call malformed, and 501.
    func head(_ fields: Fields, peer: String, _ certificate: Certificate?) throws(Refusal) -> Head {
        let known = Method(method)
        guard known != nil || Method.isToken(method) else {
            throw Refusal(400, "the method is malformed: expected letters")
        }
        guard fields.hasGoodTarget else {
            throw Refusal(
                400,
                "the target is malformed: expected no byte that a URI cannot have (RFC 3986 §2), "
                    + "but percent-encoded UTF-8 for it, and no fragment")
        }
        // The target of CONNECT is no path (RFC 9112 §3.2.3).
        guard fields.place != nil || strcmp(method, "CONNECT") == 0 else {
            throw Refusal(
                400,
                "the path is malformed: expected / and segments that are not empty, . or .., in percent-encoded UTF-8,"
                    + " without an encoded / or NUL")
        }
        guard !fields.hasBadQuery else {
            throw Refusal(400, "the query is malformed: expected percent-encoded UTF-8 without NUL")
        }
        if let name = fields.repeatedQuery {
            throw Refusal(400, "the query has \"\(name)\" twice: expected it once")
        }
        try checkHeaders(fields)
        guard let known else {
            let names = Method.allCases.map(\.rawValue).joined(separator: ", ")
            throw Refusal(501, "the method is not implemented: expected one of \(names)")
        }
        return Head(method: known, peer: peer, certificate: certificate, fields: fields)
    }

    private func checkHeaders(_ fields: Fields) throws(Refusal) {
        // Two readers could believe different ones (RFC 9110 §5.3, RFC 9112 §3.2).
        for name in ["Host", "Authorization", "Content-Type"] as [StaticString] where fields.count(name) > 1 {
            throw Refusal(400, "\(name) is given twice: expected it once")
        }
        guard let host = fields.value(of: "Host") else {
            if isHTTP11 { throw Refusal(400, "Host is missing: HTTP/1.1 expects it (RFC 9112 §3.2)") }
            return
        }
        guard Authority.isValid(host) else { throw Refusal(400, "Host is malformed: expected HOST or HOST:PORT") }
    }
}
