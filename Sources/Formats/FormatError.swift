/// Why bytes are no document, and where.
public struct FormatError: Error, Hashable, Sendable {
    /// `JSON` or `YAML`.
    public let format: String
    /// What was found and what was expected.
    public let message: String
    /// The line, from 1; lines end with a line feed.
    public let line: Int
    /// The column in the line, from 1, in characters (Unicode scalars), a tab being one.
    public let column: Int

    public init(format: String, message: String, line: Int, column: Int) {
        self.format = format
        self.message = message
        self.line = line
        self.column = column
    }
}

extension FormatError: CustomStringConvertible {
    /// `line 3, column 7: key "a" is given twice; expected each key once`.
    public var description: String {
        "line \(line), column \(column): \(message)"
    }
}
