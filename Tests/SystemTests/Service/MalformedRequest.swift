/// Bytes that are no request, by RFC 9110 and RFC 9112, and what becomes of them.
struct MalformedRequest: Sendable {
    /// What says so.
    let rule: String
    /// `{auth}` stands for the line that says who asks.
    let text: String
    /// Nil: the connection is closed without an answer.
    let status: Int?

    /// A request whose lines are sound but for what is given.
    private static func get(
        _ rule: String, _ target: String = "/healthz", _ headers: String = "", status: Int? = 400
    ) -> MalformedRequest {
        MalformedRequest(
            rule: rule, text: "GET \(target) HTTP/1.1\r\nHost: x\r\n{auth}\(headers)\r\n", status: status)
    }

    private static func put(_ rule: String, _ headers: String, _ body: String, status: Int) -> MalformedRequest {
        MalformedRequest(
            rule: rule,
            text:
                "PUT /v1/tree/x HTTP/1.1\r\nHost: x\r\n{auth}Content-Type: application/json\r\n\(headers)\r\n\r\n\(body)",
            status: status)
    }

    private static func lines(_ rule: String, _ text: String, status: Int? = 400) -> MalformedRequest {
        MalformedRequest(rule: rule, text: text, status: status)
    }

    static let all = requestLines + headers + framings + oversized

    private static let requestLines = [
        lines("RFC 9112 §3: two spaces before the target", "GET  /healthz HTTP/1.1\r\nHost: x\r\n{auth}\r\n"),
        lines("RFC 9112 §3: two spaces before the version", "GET /healthz  HTTP/1.1\r\nHost: x\r\n{auth}\r\n"),
        lines("RFC 9112 §3: a space after the version", "GET /healthz HTTP/1.1 \r\nHost: x\r\n{auth}\r\n"),
        lines("RFC 9112 §3: a tab for a space", "GET\t/healthz\tHTTP/1.1\r\nHost: x\r\n{auth}\r\n", status: nil),
        lines("RFC 9112 §2.2: a bare line feed", "GET /healthz HTTP/1.1\nHost: x\r\n{auth}\r\n"),
        lines("RFC 9112 §2.3: no version", "GET /healthz\r\nHost: x\r\n{auth}\r\n"),
        lines("RFC 9112 §2.3: a version in small letters", "GET /healthz http/1.1\r\nHost: x\r\n{auth}\r\n"),
        lines(
            "RFC 9110 §15.6.6: a version that is to come", "GET /healthz HTTP/2.0\r\nHost: x\r\n{auth}\r\n", status: 505
        ),
        lines("RFC 9110 §9.1: a method that is no token", "G@T /healthz HTTP/1.1\r\nHost: x\r\n{auth}\r\n"),
        lines("RFC 9110 §9.1: a NUL in the method", "GE\u{0}T /healthz HTTP/1.1\r\nHost: x\r\n{auth}\r\n"),
        get("RFC 9112 §3.2: a space in the target", "/heal thz"),
        get("RFC 9112 §3.2: a NUL in the path", "/healthz\u{0}x"),
        get("RFC 9112 §3.2: a NUL in the query", "/healthz?a\u{0}b=c"),
        get("RFC 9112 §3.2: a NUL at the end of the target", "/healthz\u{0}"),
        get("RFC 9112 §3.2: a control character in the path", "/healthz\u{1}"),
        get("RFC 9112 §3.2: a carriage return in the path", "/healthz\rx"),
        get("RFC 9112 §3.2: a byte beyond ASCII in the path", "/healthzé"),
        get("RFC 9112 §3.2: a byte beyond ASCII in the query", "/healthz?é"),
        get("RFC 9112 §3.2: a fragment", "/healthz#x"),
        get("RFC 3986 §3.3: a backslash", "/healthz\\x"),
        get("RFC 9112 §3.2.1: a path without a slash", "healthz"),
        get("RFC 9112 §3.2.2: an absolute target without a host", "http:///healthz"),
        get("RFC 9110 §4.2.4: a user's name in the target", "http://a@x/healthz"),
        get("RFC 3986 §2.1: a percent without digits", "/healthz%"),
        get("RFC 3986 §2.1: an encoded NUL", "/healthz%00"),
        get("RFC 3629 §3: overlong UTF-8", "/%c0%afhealthz"),
        get("a query twice", "/healthz?a=1&a=2"),
    ]

    private static let headers = [
        get("RFC 9110 §5.5: a NUL in a value", "/healthz", "X-A: a\u{0}b\r\n"),
        get("RFC 9110 §5.5: a control character in a value", "/healthz", "X-A: a\u{1b}b\r\n"),
        get("RFC 9112 §2.2: a bare carriage return in a value", "/healthz", "X-A: a\rb\r\n"),
        get("RFC 9112 §2.2: a bare line feed after a header", "/healthz", "X-A: a\nX-B: b\r\n"),
        get("RFC 9112 §2.2: a bare line feed at the end", "/healthz", "X-A: a\r\n\n"),
        get("RFC 9112 §5.1: a space before the colon", "/healthz", "X-A : a\r\n"),
        get("RFC 9112 §5.1: no colon", "/healthz", "X-A\r\n"),
        get("RFC 9110 §5.1: an empty name", "/healthz", ": a\r\n"),
        get("RFC 9110 §5.1: a NUL in a name", "/healthz", "X\u{0}A: a\r\n"),
        get("RFC 9110 §5.1: a byte beyond ASCII in a name", "/healthz", "é: a\r\n"),
        get("RFC 9112 §5.2: a folded line", "/healthz", "X-A: a\r\n b\r\n"),
        get("RFC 9112 §5.2: a line folded with a tab", "/healthz", "X-A: a\r\n\tb\r\n"),
        get("RFC 9112 §5.2: an empty folded line", "/healthz", "X-A: a\r\n \r\n"),
        lines("RFC 9112 §2.2: white space before the first header", "GET /healthz HTTP/1.1\r\n Host: x\r\n{auth}\r\n"),
        lines("RFC 9112 §3.2: no Host", "GET /healthz HTTP/1.1\r\n{auth}\r\n"),
        lines("RFC 9112 §3.2: no Host in HTTP/1.2", "GET /healthz HTTP/1.2\r\n{auth}\r\n"),
        get("RFC 9112 §3.2: Host twice", "/healthz", "Host: x\r\n"),
        lines("RFC 9112 §3.2: a Host that is none", "GET /healthz HTTP/1.1\r\nHost: x/y\r\n{auth}\r\n"),
        lines("RFC 9112 §3.2: a Host whose port is none", "GET /healthz HTTP/1.1\r\nHost: x:1y\r\n{auth}\r\n"),
        lines("RFC 9112 §3.2: two hosts in one", "GET /healthz HTTP/1.1\r\nHost: x y\r\n{auth}\r\n"),
        get(
            "RFC 9110 §5.3: Authorization twice", "/healthz",
            "Authorization: Basic eA==\r\nAuthorization: Basic eQ==\r\n"),
    ]

    private static let framings = [
        put("RFC 9112 §6.3: two lengths", "Content-Length: 3\r\nContent-Length: 4", "abcd", status: 400),
        put("RFC 9112 §6.3: the same length twice", "Content-Length: 3\r\nContent-Length: 3", "abc", status: 400),
        put("RFC 9110 §8.6: a list of lengths", "Content-Length: 3, 3", "abc", status: 400),
        put("RFC 9110 §8.6: a length with a sign", "Content-Length: +3", "abc", status: 400),
        put("RFC 9110 §8.6: a length with a NUL", "Content-Length: 3\u{0}", "abc", status: 400),
        put("RFC 9110 §8.6: a length with a NUL within", "Content-Length: 3\u{0}0", "abc", status: 400),
        put("RFC 9110 §8.6: a length of letters", "Content-Length: abc", "abc", status: 400),
        put("RFC 9110 §8.6: no length", "Content-Length: ", "abc", status: 400),
        put(
            "RFC 9110 §8.6: a length that no number holds", "Content-Length: 99999999999999999999999", "abc",
            status: 413),
        lines(
            "RFC 9110 §8.6, RFC 9112 §3.2: no length and no Host",
            "PUT /v1/tree/x HTTP/1.1\r\n{auth}Content-Length: x\r\n\r\nabc"),
        put(
            "RFC 9112 §6.1: a length and chunks", "Content-Length: 3\r\nTransfer-Encoding: chunked", "0\r\n\r\n",
            status: 400),
        put(
            "RFC 9112 §6.1: chunks twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n",
            status: 400),
        put("RFC 9112 §6.1: chunks of chunks", "Transfer-Encoding: chunked, chunked", "0\r\n\r\n", status: 400),
        put("RFC 9112 §6.1: chunks with a NUL", "Transfer-Encoding: chunked\u{0}", "0\r\n\r\n", status: 400),
        put("RFC 9112 §6.1: chunks with a NUL and more", "Transfer-Encoding: chunked\u{0}x", "0\r\n\r\n", status: 400),
        put("RFC 9112 §6.3: a coding that does not end", "Transfer-Encoding: gzip", "abc", status: 400),
        put(
            "RFC 9112 §6.1: a coding that is not implemented", "Transfer-Encoding: gzip, chunked", "0\r\n\r\n",
            status: 501),
        lines(
            "RFC 9112 §6.1: chunks in HTTP/1.0",
            "PUT /v1/tree/x HTTP/1.0\r\n{auth}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ]

    /// Heads that libmicrohttpd finds no memory for, in each of the places where it needs some.
    private static let oversized = [
        get("RFC 9110 §15.5.15: a target of 40 kB", "/" + String(repeating: "a", count: 40_000), status: 414),
        get("RFC 6585 §5: 4,000 queries", "/healthz?a" + String(repeating: "&a", count: 4_000), status: 431),
        get(
            "RFC 6585 §5: a header of 40 kB", "/healthz", "X-A: \(String(repeating: "a", count: 40_000))\r\n",
            status: 431),
        get("RFC 6585 §5: 3,000 headers", "/healthz", String(repeating: "A: b\r\n", count: 3_000), status: 431),
        get(
            "RFC 6585 §5: cookies of 12 kB", "/healthz", "Cookie: \(String(repeating: "a=b;", count: 3_000))\r\n",
            status: 431),
        lines(
            "RFC 6585 §5, RFC 9110 §8.6: cookies of 12 kB and no length",
            "PUT /v1/tree/x HTTP/1.1\r\n{auth}Cookie: \(String(repeating: "a=b;", count: 3_000))\r\nContent-Length: x\r\n\r\n",
            status: 431),
    ]

    /// Bodies in chunks that are none, which are seen when they are read: whom nobody knows is answered before.
    static let chunks = [
        put(
            "RFC 9112 §7.1: a chunk's size of letters", "Transfer-Encoding: chunked", "x\r\nabc\r\n0\r\n\r\n",
            status: 400),
        put(
            "RFC 9112 §7.1: a chunk's size with a sign", "Transfer-Encoding: chunked", "-3\r\nabc\r\n0\r\n\r\n",
            status: 400),
        put(
            "RFC 9112 §7.1: a chunk's size with a NUL", "Transfer-Encoding: chunked", "3\u{0}\r\nabc\r\n0\r\n\r\n",
            status: 400),
        put("RFC 9112 §7.1: a chunk without a size", "Transfer-Encoding: chunked", "\r\nabc\r\n0\r\n\r\n", status: 400),
        put(
            "RFC 9112 §7.1: a size that no number holds", "Transfer-Encoding: chunked",
            "fffffffffffffffff\r\nabc\r\n0\r\n\r\n", status: 413),
        put(
            "RFC 9112 §7.1: a chunk longer than its size", "Transfer-Encoding: chunked", "3\r\nabcd\r\n0\r\n\r\n",
            status: 400),
        put(
            "RFC 9112 §7.1.1: an extension of 40 kB", "Transfer-Encoding: chunked",
            "3;\(String(repeating: "x", count: 40_000))\r\nabc\r\n0\r\n\r\n", status: 400),
        put(
            "RFC 9112 §7.1.2: a trailer without a colon", "Transfer-Encoding: chunked", "0\r\nX-A\r\n\r\n", status: 400),
    ]
}
