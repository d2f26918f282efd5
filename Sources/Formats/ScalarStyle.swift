/// How a string is written in YAML: the lightest style that every loader of YAML 1.1 and 1.2 reads as that string.
enum ScalarStyle {
    case plain, singleQuoted, doubleQuoted, literal

    /// The style of a value.
    init(of text: String) {
        self = Self.isLiteral(text) ? .literal : ScalarStyle(ofKey: text)
    }

    /// The style of a key, which stays on one line.
    init(ofKey text: String) {
        if !text.unicodeScalars.allSatisfy(Self.isPrintable) {
            self = .doubleQuoted
        } else {
            self = Self.isPlain(text) && !Self.isAmbiguous(text) ? .plain : .singleQuoted
        }
    }

    /// Whether a character needs no escape (YAML 1.2 §5.1), and ends no line in YAML 1.1 (§5.4) either.
    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E: true
        case 0x2028, 0x2029, 0xFEFF: false
        case 0xA0...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }

    /// Whether a text reads well, and back, as a literal block (YAML 1.2 §8.1.2): several lines, none of which ends in a
    /// space, the first beginning with none.
    private static func isLiteral(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, first != "\n", first != " " else { return false }
        var last = first
        var hasLines = false
        for scalar in text.unicodeScalars {
            guard scalar == "\n" ? last != " " : isPrintable(scalar) else { return false }
            hasLines = hasLines || scalar == "\n"
            last = scalar
        }
        return hasLines && last != " "
    }

    /// Whether the syntax of a block lets a printable text stand without quotes (YAML 1.2 §7.3.3).
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        if first == UInt8(ascii: "-") {
            guard let second = text.utf8.dropFirst().first, second != UInt8(ascii: " "), !text.hasPrefix("---") else {
                return false
            }
        } else if " ?:,[]{}#&*!|>'\"%@`".utf8.contains(first) || text.hasPrefix("...") {
            return false
        }
        guard last != UInt8(ascii: " "), last != UInt8(ascii: ":") else { return false }
        return !zip(text.utf8, text.utf8.dropFirst()).contains { byte, next in
            byte == UInt8(ascii: ":") && next == UInt8(ascii: " ")
                || byte == UInt8(ascii: " ") && next == UInt8(ascii: "#")
        }
    }

    /// Whether some loader takes the plain text for something else than a string.
    private static func isAmbiguous(_ text: String) -> Bool {
        isNumeric(text) || text.utf8.count <= 5 && words.contains(text.lowercased())
    }

    /// Whether a text may be a number, a date or a time: `1_000`, `0x1F`, `1:30`, `2001-12-14t21:59:43Z`.
    private static func isNumeric(_ text: String) -> Bool {
        guard let first = text.utf8.first, "0123456789+-.".utf8.contains(first) else { return false }
        // None of them has two dots and no colon, unlike addresses and versions.
        let isDotted = text.utf8.count { $0 == UInt8(ascii: ".") } > 1 && !text.utf8.contains(UInt8(ascii: ":"))
        return !isDotted && text.utf8.allSatisfy("0123456789abcdefABCDEFoxtzOXTZ+-.,_: ".utf8.contains)
    }

    /// What is null, a boolean, infinite, or of a special meaning in some version, in lower case.
    private static let words: Set<String> = [
        "", "~", "null", "nil", "true", "false", "yes", "no", "on", "off", "y", "n", "<<", "=", ".inf", "+.inf",
        "-.inf",
        ".nan",
    ]
}
