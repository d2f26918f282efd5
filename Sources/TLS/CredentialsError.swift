/// Why credentials cannot be made of a file.
public struct CredentialsError: Error, Hashable, Sendable, CustomStringConvertible {
    public let file: String
    /// What is wrong with it, and what would be right.
    public let reason: String

    init(_ file: String, _ reason: String) {
        self.file = file
        self.reason = reason
    }

    public var description: String { "\(file): \(reason)" }
}
