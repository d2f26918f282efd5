internal import OrderedCollections
internal import Tree
internal import Yams

/// Writes values as YAML, with the emitter of Yams and the styles that every loader reads alike.
enum YAMLWriter {
    static func document(_ value: Value) -> [UInt8] {
        // The emitter refuses nothing that is made of values; should it, JSON is YAML too.
        guard let text = try? Yams.serialize(node: node(value), width: -1, allowUnicode: true) else {
            return JSON.encode(value, pretty: true)
        }
        return Array(text.utf8)
    }

    private static func node(_ value: Value) -> Yams.Node {
        switch value {
        case .null: Yams.Node("null", Tag(.null), .plain)
        case .bool(let truth): Yams.Node(truth ? "true" : "false", Tag(.bool), .plain)
        case .integer(let number): Yams.Node(number.description, Tag(.int), .plain)
        case .float(let number): Yams.Node(JSONWriter.text(of: number), Tag(.float), .plain)
        case .string(let text): string(text, isKey: false)
        case .list(let list): Yams.Node(list.map(node), Tag(.seq), .block)
        case .map(let map): Yams.Node(map.map { (string($0.key, isKey: true), node($0.value)) }, Tag(.map), .block)
        }
    }

    /// A string in the lightest style that keeps it; the emitter itself quotes what syntax demands.
    private static func string(_ text: String, isKey: Bool) -> Yams.Node {
        let style: Yams.Node.Scalar.Style =
            if !isKey && isBlock(text) { .literal } else if isAmbiguous(text) { .singleQuoted } else { .plain }
        return Yams.Node(text, Tag(.str), style)
    }

    /// Whether a text reads well, and back, as a literal block (YAML 1.2 §8.1.2): lines that begin with no white space.
    private static func isBlock(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        guard scalars.contains("\n"), let first = scalars.first, !first.properties.isWhitespace else { return false }
        return scalars.allSatisfy { $0 == "\n" || $0 == " " || !$0.properties.isWhitespace }
    }

    /// Whether some loader of YAML 1.1 or 1.2 takes the plain text for something else than a string.
    private static func isAmbiguous(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first else { return true }
        return words.contains(text.lowercased()) || first == ":" || isNumeric(text)
    }

    /// Whether a text may be a number, a date or a time: `1_000`, `0x1F`, `1:30`, `2001-12-14t21:59:43Z`, `52:54:00`.
    private static func isNumeric(_ text: String) -> Bool {
        guard let first = text.utf8.first, "0123456789+-.".utf8.contains(first) else { return false }
        // None of them has two dots, unlike addresses and versions.
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
