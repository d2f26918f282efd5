import Formats
import HTTP
import Secrets
import Tree

/// A rendered answer: bytes made once and shared by all who ask.
struct Document: Sendable {
    let body: Body
    /// A strong entity tag (RFC 9110 §8.8.3), with its quotes.
    let etag: String

    init(_ value: Value) {
        let bytes = JSON.encode(value)
        body = Body(bytes)
        etag = Document.etag(of: bytes)
    }

    static func etag(of bytes: [UInt8]) -> String {
        "\"\(Digest.etag(of: bytes))\""
    }

    /// The document as an answer from a revision of the tree.
    func response(_ revision: Int) -> Response {
        Response(
            status: 200,
            headers: [("Content-Type", "application/json"), Document.header(revision), ("ETag", etag)], body: body)
    }

    /// The answer to who has the document already (RFC 9110 §15.4.5).
    func unchanged(_ revision: Int) -> Response { Document.unchanged(etag, revision) }

    /// The answer to who has what bears this tag already.
    static func unchanged(_ etag: String, _ revision: Int) -> Response {
        Response(status: 304, headers: [("ETag", etag), header(revision)])
    }

    /// The header that tells of a revision.
    static func header(_ revision: Int) -> (name: String, value: String) {
        ("X-Headwater-Revision", String(revision))
    }
}
