/// The tokens of a JSON text, to bound it before it is parsed and to say where it is wrong.
///
/// Strings and words are told apart, not checked: that is jansson's work.
struct JSONTokens {
    enum Kind {
        case open, close, colon, comma
        case string
        /// A number, a name, or what should be one.
        case word
    }

    struct Token {
        let kind: Kind
        let range: Range<Int>
        /// Whether a string lacks its closing quote.
        var isUnclosed = false
    }

    private let text: Text
    private var position = 0

    init(_ text: Text) {
        self.text = text
    }

    mutating func next() -> Token? {
        while position < text.bytes.count, Self.isSpace(text.bytes[position]) { position += 1 }
        guard position < text.bytes.count else { return nil }
        let start = position
        let first = text.bytes[start]
        position += 1
        if let kind = Self.punctuation(first) { return Token(kind: kind, range: start..<position) }
        guard first == UInt8(ascii: "\"") else {
            while position < text.bytes.count, !Self.endsWord(text.bytes[position]) { position += 1 }
            return Token(kind: .word, range: start..<position)
        }
        while position < text.bytes.count {
            let byte = text.bytes[position]
            position += byte == UInt8(ascii: "\\") ? 2 : 1
            if byte == UInt8(ascii: "\"") { return Token(kind: .string, range: start..<position) }
        }
        position = text.bytes.count
        return Token(kind: .string, range: start..<position, isUnclosed: true)
    }

    /// The token that a parser was at when it had read `offset` bytes; nil if that is behind the last.
    mutating func token(readUpTo offset: Int) -> Token? {
        while let token = next() {
            if token.range.upperBound >= offset { return token }
        }
        return nil
    }

    /// Refuses a text that exceeds the limits.
    consuming func check(within limits: Limits) throws(FormatError) {
        var (depth, nodes, colons) = (0, 0, 0)
        while let token = next() {
            switch token.kind {
            case .comma: continue
            case .colon: colons += 1
            case .close: depth -= 1
            case .string, .word: nodes += 1
            case .open:
                nodes += 1
                depth += 1
                guard depth <= limits.depth else {
                    throw text.error(at: token.range.lowerBound, limits.depthMessage)
                }
            }
            guard nodes - colons <= limits.nodes else {
                throw text.error(at: token.range.lowerBound, limits.nodesMessage)
            }
        }
    }

    private static func punctuation(_ byte: UInt8) -> Kind? {
        switch byte {
        case UInt8(ascii: "["), UInt8(ascii: "{"): .open
        case UInt8(ascii: "]"), UInt8(ascii: "}"): .close
        case UInt8(ascii: ":"): .colon
        case UInt8(ascii: ","): .comma
        default: nil
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        isSpace(byte) || byte == UInt8(ascii: "\"") || punctuation(byte) != nil
    }
}
