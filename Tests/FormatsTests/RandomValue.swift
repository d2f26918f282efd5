import OrderedCollections
import TestSupport
import Tree

/// Values of all kinds, with texts that formats stumble over.
struct RandomValue {
    private var dice: Seeded
    /// Whether keys may hold NUL: YAML can say them, jansson refuses them.
    private let allowsNULInKeys: Bool

    init(seed: UInt64, allowsNULInKeys: Bool) {
        dice = Seeded(seed: seed)
        self.allowsNULInKeys = allowsNULInKeys
    }

    mutating func value(depth: Int = 0) -> Value {
        switch Int.random(in: 0..<(depth < 5 ? 9 : 6), using: &dice) {
        case 0: return .null
        case 1: return .bool(.random(using: &dice))
        case 2: return .integer(integer())
        case 3: return .float(float())
        case 4, 5: return .string(string())
        case 6: return .list((0..<count()).map { _ in value(depth: depth + 1) })
        default:
            var map = Map()
            for _ in 0..<count() {
                var key = string()
                if !allowsNULInKeys { key.unicodeScalars.removeAll { $0 == "\0" } }
                map[key] = value(depth: depth + 1)
            }
            return .map(map)
        }
    }

    private mutating func count() -> Int { .random(in: 0...4, using: &dice) }

    private mutating func integer() -> Int {
        [.min, .max, 0, -1, 8, Int.random(in: .min ... .max, using: &dice)].randomElement(using: &dice) ?? 0
    }

    /// Any finite float: most random patterns of bits are one.
    private mutating func float() -> Double {
        let number = Double(bitPattern: dice.next())
        let known = [-0.0, 0.1, 1.0, 1e20, 1e16, .leastNonzeroMagnitude, 1e-5, .greatestFiniteMagnitude, number]
        return known.filter(\.isFinite).randomElement(using: &dice) ?? 0
    }

    private mutating func string() -> String {
        switch Int.random(in: 0..<4, using: &dice) {
        case 0: return Self.words.randomElement(using: &dice) ?? ""
        case 1: return pieces(1...3)
        case 2: return pieces(1...12)
        default:
            return Int.random(in: 0..<50, using: &dice) == 0
                ? String(repeating: pieces(1...3), count: 2000) : pieces(0...6)
        }
    }

    private mutating func pieces(_ range: ClosedRange<Int>) -> String {
        (0..<Int.random(in: range, using: &dice)).map { _ in Self.pieces.randomElement(using: &dice) ?? "" }.joined()
    }

    private static let pieces = [
        "a", "Z", "web-1", "0", "1", " ", "  ", "\n", "\n\n", "\r\n", "\r", "\t", "\0", "\u{1}", "\u{7F}", "\u{85}",
        "\u{A0}", "\"", "'", "\\", "- ", "-", ": ", ":", " #", "#", "%{x}", "{{ y }}", "{", "}", "[", "]", ",", "&",
        "*",
        "!", "|", ">", "@", "`", "%", "?", "? ", "---", "...", "é", "e\u{301}", "漢字", "😀", "👩‍👩‍👧", "\u{2028}",
        "\u{2029}", "\u{FEFF}", "\u{FFFD}", "\u{FFFE}", "\u{10FFFF}", "\u{D7FF}", "\u{E000}", "x=y", "$", "~", "/",
    ]

    static let words = [
        "", "~", "null", "Null", "NULL", "nil", "true", "True", "FALSE", "yes", "No", "ON", "off", "y", "N", "<<", "=",
        "08", "0644", "0o17", "0x1F", "0b11", "1_000", "1,000", "1:30", "1:30:00.5", "52:54:00:12:34:56", "10:20:30",
        "2001-12-14", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.10 -5", "1e3", "1.0e+20", "1e+20", ".5",
        "5.",
        "-", "+", ".", "-.inf", ".inf", ".NaN", "+1", "-0", "0", "10.0.0.1", "10.0.0.1/24", "fe80::1", "::1", ":symbol",
        "!ruby/object:Object", "!!int", "&a", "*a", "- a", "a: b", "a:", "a #b", "#", "%YAML 1.1", "---", "--- a",
        "...",
        "%{facts.os}", "{{ item }}", "{a}", "[a]", "|", ">", "a\nb", "a\nb\n", "a\n\nb\n\n", "\na", " a\nb", "a \nb",
        "a\n b", "a\n\tb", "line one\nline: two # three\n", "'", "\"", "''", "it's", "@a", "`a`", "0.1", "1.2.3", "1.",
        "12e03", "._", "_1", "0_", "-1:30", "+.inf", "4G", "1d", "9223372036854775808",
    ]
}
