/// An answer. `Content-Length`, `Connection` and `Date` are the server's affair; so are `Cache-Control`,
/// `Content-Security-Policy`, `Referrer-Policy` and `X-Content-Type-Options` where it says nothing of them.
public struct Response: Sendable {
    /// From 200 to 599 (RFC 9110 §15); an answer with another is sent as 500.
    public var status: Int
    /// In the order sent. Control characters in a value become spaces (RFC 9110 §5.5), so that no text from outside can
    /// end a header; a header whose name is no token, or whose value is empty, is left out.
    public var headers: [(name: String, value: String)]
    /// Not sent in answer to HEAD, nor with 204 and 304.
    public var body: Body
    /// Sends the body part by part, in the place of `body`; nil for an answer that is there as a whole.
    public var flow: Flow.Producer?
    /// Whether a head is all that is asked for.
    var isHeadOnly = false

    /// An answer whose body is sent part by part; in chunks, or to a client of HTTP/1.0 until the connection closes.
    public init(
        status: Int = 200, headers: [(name: String, value: String)] = [], flow: @escaping Flow.Producer
    ) {
        self.init(status: status, headers: headers)
        self.flow = flow
    }

    public init(status: Int = 200, headers: [(name: String, value: String)] = [], body: Body = .empty) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A line of plain text.
    public static func text(_ status: Int, _ text: String) -> Response {
        Response(
            status: status, headers: [("Content-Type", "text/plain; charset=utf-8")], body: Body(text + "\n"))
    }

    /// The value of the first header of that name, in whatever case.
    public func header(_ name: String) -> String? {
        headers.first { HeaderField.isSame($0.name, name) }?.value
    }
}
