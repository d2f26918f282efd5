public import TLS

/// The request line and the headers: what a handler sees before any body. A value of its own, to be kept at will.
public struct Head: Sendable {
    public let method: Method
    /// The path as sent, still percent-encoded, without the query.
    public var path: String { fields.path }
    /// The client's address, such as `127.0.0.1` or `::1`; empty if it is not known.
    public let peer: String
    /// The client's certificate, verified; nil if it has shown none.
    public let certificate: Certificate?
    @usableFromInline let fields: Fields

    init(method: Method, peer: String, certificate: Certificate?, fields: Fields) {
        self.method = method
        self.peer = peer
        self.certificate = certificate
        self.fields = fields
    }

    /// The segments of the path, percent-decoded; none of them empty, `.` or `..`, nor with a `/` or a NUL in it.
    public var segments: [String] {
        withPlace { $0.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) } }
    }

    /// The bytes of the path, percent-decoded: a `/` before each segment, none at the end. Two requests for the same path
    /// have the same, however they spell it.
    @inlinable
    public func withPlace<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(fields) { try body($0.place ?? UnsafeRawBufferPointer(start: nil, count: 0)) }
    }

    /// Whether there is a query.
    public var hasQueries: Bool { fields.hasQueries }

    /// The value of the first query of that name, decoded (a `+` is a space); empty for a name without `=`.
    public func query(_ name: String) -> String? { fields.query(name) }

    /// All queries in the order sent.
    public var queries: [(name: String, value: String)] { fields.queries }

    /// The value of the first header of that name, in whatever case; bytes that are no UTF-8 are replaced.
    public func header(_ name: StaticString) -> String? { fields.header(name) }

    /// The bytes of the value of the first header of that name, in whatever case.
    @inlinable
    public func withHeader<Result>(
        _ name: StaticString, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result? {
        try withExtendedLifetime(fields) { fields in
            guard let value = fields.value(of: name) else { return nil }
            return try body(value)
        }
    }

    /// All headers in the order sent.
    public var headers: [(name: String, value: String)] { fields.headers }
}
