/// What answers the requests for the paths of one pattern.
///
/// A class, because each request is handed one.
public final class Route: Sendable {
    public let method: Method
    public let pattern: Pattern
    public let handler: @Sendable (Head, Parameters) -> Reception

    public init(_ method: Method, _ pattern: String, handler: @escaping @Sendable (Head, Parameters) -> Reception) {
        self.method = method
        self.pattern = Pattern(pattern)
        self.handler = handler
    }
}
