import Glibc

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

extension Method {
    /// Reads a method as it was sent; nil if it is not understood. Names differ by case (RFC 9110 §9.1).
    init?(_ name: UnsafePointer<CChar>) {
        let name = UnsafeRawBufferPointer(start: name, count: strlen(name))
        guard let method = Method.allCases.first(where: { name.isSame(as: $0.rawValue) }) else { return nil }
        self = method
    }
}

extension Method {
    /// Whether a name is one that a method can have (RFC 9110 §9.1).
    static func isToken(_ name: UnsafePointer<CChar>) -> Bool {
        let name = UnsafeRawBufferPointer(start: name, count: strlen(name))
        return !name.isEmpty && name.allSatisfy(\.isTokenByte)
    }
}

extension Method: CustomStringConvertible {
    public var description: String { rawValue }
}
