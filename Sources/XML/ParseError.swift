/// Why a text is no XML document that is read here.
public struct ParseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, and in which line if that is known: `line 3: Opening and ending tag mismatch: a and b`.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
