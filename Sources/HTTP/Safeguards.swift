/// Headers that keep an answer from being taken for what it is not, or from being kept where others find it.
///
/// They belong to the answer that libmicrohttpd keeps, so one that is sent again costs nothing more for them.
enum Safeguards {
    /// What an answer is sent with besides its headers; nothing that it says itself.
    ///
    /// What somebody gets depends on who he is, so no shared cache may keep any of it, and a private one only what it can
    /// ask for again by its entity tag (RFC 9111 §5.2.2). Who is told that he has an answer keeps the other headers that it
    /// came with (RFC 9110 §15.4.5).
    static func missing(in response: Response) -> [(name: String, value: String)] {
        let caching = ("Cache-Control", response.header("ETag") != nil ? "private, no-cache" : "no-store")
        return ((response.status == 304 ? [] : constant) + [caching]).filter { response.header($0.0) == nil }
    }

    /// A browser takes the type as said (Fetch §3.5), runs, loads and frames nothing (Content Security Policy 3 §6), and
    /// tells nobody the address (Referrer Policy §3.1).
    private static let constant = [
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        ("Referrer-Policy", "no-referrer"),
    ]
}
