/// The letters of which the tools' variables are made; all of them ASCII.
enum Identifier {
    /// Whether `text` is `[A-Za-z0-9_]+`.
    static func isWord(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(isWord)
    }

    static func isWord(_ byte: UInt8) -> Bool {
        isLower(byte) || isUpper(byte) || isDigit(byte) || byte == underscore
    }

    static func isLower(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    static func isUpper(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static let underscore = UInt8(ascii: "_")
}
