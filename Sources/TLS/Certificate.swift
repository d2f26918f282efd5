/// What a verified certificate says of its bearer.
public struct Certificate: Hashable, Sendable {
    /// The common name of its subject: one, of lower-case letters, digits, `.`, `_` and `-`.
    public let name: String
    /// The values of those extensions that hold one text, by their object identifiers, such as `1.3.6.1.4.1.34380.1.3.13`.
    public let extensions: [String: String]

    public init(name: String, extensions: [String: String] = [:]) {
        self.name = name
        self.extensions = extensions
    }
}
