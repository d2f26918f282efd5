/// The methods that the server understands (RFC 9110 §9, RFC 5789); any other is answered 501.
public enum Method: String, Hashable, Sendable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"
}

extension Method: CustomStringConvertible {
    public var description: String { rawValue }
}
