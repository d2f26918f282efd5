public import TLS

/// The request line and the headers: what a handler sees before any body. A value of its own, to be kept at will.
public struct Head: Sendable {
    public let method: Method
    /// The path as sent, still percent-encoded, without the query.
    public var path: String { fields.path }
    /// The segments of the path, percent-decoded; none of them empty, `.` or `..`, nor with a `/` or a NUL in it.
    public let segments: [String]
    /// The client's address, such as `127.0.0.1` or `::1`; empty if it is not known.
    public let peer: String
    /// The client's certificate, verified; nil if it has shown none.
    public let certificate: Certificate?
    let fields: Fields

    init(method: Method, segments: [String], peer: String, certificate: Certificate?, fields: Fields) {
        self.method = method
        self.segments = segments
        self.peer = peer
        self.certificate = certificate
        self.fields = fields
    }

    /// The value of the first query of that name, decoded (a `+` is a space); empty for a name without `=`.
    public func query(_ name: String) -> String? { fields.query(name) }

    /// All queries in the order sent.
    public var queries: [(name: String, value: String)] { fields.queries }

    /// The value of the first header of that name, in whatever case; bytes that are no UTF-8 are replaced.
    public func header(_ name: String) -> String? { fields.header(name) }

    /// All headers in the order sent.
    public var headers: [(name: String, value: String)] { fields.headers }
}
