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
}
