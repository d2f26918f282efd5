/// How the end of a request's body is known.
///
/// Where two readers could find two different ends, a second request could be smuggled in as the body of the first
/// (RFC 9112 §11.2). Such a request is refused, and its connection closed with whatever was to follow.
enum Framing: Equatable {
    case none
    case sized(Int)
    case chunked

    init(_ fields: Fields, isHTTP11: Bool) throws(Refusal) {
        guard !fields.hasBadLine else {
            throw Refusal(
                400,
                "a line of the head is malformed: expected METHOD TARGET VERSION and then NAME: VALUE on one line each, "
                    + "without NUL and ended by CRLF (RFC 9112 §2.2, §5.2)")
        }
        guard !fields.hasBadName else {
            throw Refusal(400, "a header's name is malformed: expected letters, digits and hyphens up to the colon")
        }
        guard !fields.hasBadValue else {
            throw Refusal(400, "a header's value is malformed: expected no control character but the tab")
        }
        let lengths = fields.count("Content-Length")
        let encodings = fields.count("Transfer-Encoding")
        guard lengths + encodings <= 1 else {
            throw Refusal(400, "the body's length is given twice: expected one Content-Length or one Transfer-Encoding")
        }
        if let coding = fields.exactHeader("Transfer-Encoding") {
            guard isHTTP11 else { throw Refusal(400, "Transfer-Encoding: expected HTTP/1.1 with it") }
            guard coding.lowercased() == "chunked" else { throw Framing.refusal(of: coding) }
            self = .chunked
        } else {
            guard let length = fields.exactHeader("Content-Length") else {
                self = .none
                return
            }
            guard length.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains), !length.isEmpty else {
                throw Refusal(400, "Content-Length: expected a number of bytes")
            }
            guard let length = Int(length) else { throw Refusal(413, "the body is too large") }
            self = length == 0 ? .none : .sized(length)
        }
    }

    /// What ends with another coding than chunks ends nowhere (RFC 9112 §6.3); codings before these are not implemented.
    private static func refusal(of codings: String) -> Refusal {
        let codings = codings.lowercased().split(separator: ",", omittingEmptySubsequences: false).map { coding in
            String(coding.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" })
        }
        let isLast = codings.firstIndex(of: "chunked") == codings.count - 1
        return Refusal(isLast ? 501 : 400, "Transfer-Encoding: expected chunked and nothing else")
    }
}
