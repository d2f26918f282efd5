/// How the end of a request's body is known.
///
/// Where two readers could find two different ends, a second request could be smuggled in as the body of the first
/// (RFC 9112 §11.2). Such a request is refused, and its connection closed with whatever was to follow.
enum Framing: Equatable {
    case none
    case sized(Int)
    case chunked

    init(_ fields: Fields, isHTTP11: Bool) throws(Refusal) {
        guard !fields.hasBadName else {
            throw Refusal(400, "a header's name is malformed: expected letters, digits and hyphens up to the colon")
        }
        guard fields.hasName(from: "Content-Length") || fields.hasName(from: "Transfer-Encoding") else {
            self = .none
            return
        }
        // libmicrohttpd 0.9.75 hangs what a folded line holds (RFC 9112 §5.2) on the name of the header before it.
        guard !fields.hasLonger("Content-Length"), !fields.hasLonger("Transfer-Encoding") else {
            throw Refusal(400, "the body's length is given in a folded header: expected it on one line")
        }
        let lengths = fields.count("Content-Length")
        let encodings = fields.count("Transfer-Encoding")
        guard lengths + encodings == 1 else {
            throw Refusal(400, "the body's length is given twice: expected one Content-Length or one Transfer-Encoding")
        }
        if let coding = fields.exactHeader("Transfer-Encoding") {
            guard isHTTP11 else { throw Refusal(400, "Transfer-Encoding: expected HTTP/1.1 with it") }
            guard coding.lowercased() == "chunked" else {
                throw Refusal(501, "Transfer-Encoding: expected chunked and nothing else")
            }
            self = .chunked
        } else {
            let length = fields.exactHeader("Content-Length") ?? ""
            guard length.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains), !length.isEmpty else {
                throw Refusal(400, "Content-Length: expected a number of bytes")
            }
            guard let length = Int(length) else { throw Refusal(413, "the body is too large") }
            self = length == 0 ? .none : .sized(length)
        }
    }
}
