internal import OrderedCollections
internal import Tree

/// Writes values as YAML in block style.
///
/// Not with Yams' emitter: it escapes characters beyond U+FFFF, so that one emoji turns a text of many lines into one
/// long line, and it builds a tree of its own before it writes.
struct YAMLWriter {
    private(set) var bytes: [UInt8] = []

    /// Writes a value and a line's end, from where the line at hand is, with what follows indented by `indent`.
    mutating func append(_ value: Value, indent: Int = 0) {
        switch value {
        case .map(let map) where !map.isEmpty:
            for (index, element) in map.enumerated() {
                if index > 0 { pad(indent) }
                append(key: element.key.text, indent: indent)
                append(below: element.value, indent: indent)
            }
        case .list(let list) where !list.isEmpty:
            for (index, element) in list.enumerated() {
                if index > 0 { pad(indent) }
                append("- ")
                append(element, indent: indent + 2)
            }
        case .string(let text):
            append(text, style: ScalarStyle(of: text), indent: max(indent, 2))
            append("\n")
        case .map, .list, .null, .bool, .integer, .float:
            JSON.append(value, to: &bytes)
            append("\n")
        }
    }

    /// Writes a key and its colon: behind a question mark where parsers would not look for a colon any more, which is
    /// after 1024 characters (YAML 1.2 §7.4).
    private mutating func append(key: String, indent: Int) {
        let start = bytes.count
        append(key, style: ScalarStyle(ofKey: key), indent: indent)
        if bytes.count - start > 1000 {
            bytes.insert(contentsOf: "? ".utf8, at: start)
            append("\n")
            pad(indent)
        }
        append(":")
    }

    /// Writes the value of a key after the colon.
    private mutating func append(below value: Value, indent: Int) {
        switch value {
        case .map(let map) where !map.isEmpty:
            append("\n")
            pad(indent + 2)
            append(value, indent: indent + 2)
        case .list(let list) where !list.isEmpty:
            append("\n")
            pad(indent)
            append(value, indent: indent)
        default:
            append(" ")
            append(value, indent: indent + 2)
        }
    }

    private mutating func append(_ text: String, style: ScalarStyle, indent: Int) {
        switch style {
        case .plain: append(text)
        case .singleQuoted:
            append("'")
            for byte in text.utf8 {
                if byte == UInt8(ascii: "'") { bytes.append(byte) }
                bytes.append(byte)
            }
            append("'")
        case .doubleQuoted: appendQuoted(text)
        case .literal: appendLiteral(text, indent: indent)
        }
    }

    /// Writes a string as JSON does, and escapes what YAML does not print or takes for a line's end.
    private mutating func appendQuoted(_ text: String) {
        var json: [UInt8] = []
        JSON.append(string: text, to: &json)
        for scalar in String(decoding: json, as: UTF8.self).unicodeScalars {
            if ScalarStyle.isPrintable(scalar) {
                bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            } else {
                let digits = String(scalar.value, radix: 16)
                append("\\u" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits)
            }
        }
    }

    /// Writes the lines of a text; the sign after the bar says what ends it (YAML 1.2 §8.1.1.2).
    private mutating func appendLiteral(_ text: String, indent: Int) {
        append(text.utf8.last != UInt8(ascii: "\n") ? "|-" : text.hasSuffix("\n\n") ? "|+" : "|")
        var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
        if lines.last?.isEmpty == true { lines.removeLast() }
        for line in lines {
            append("\n")
            if !line.isEmpty { pad(indent) }
            bytes.append(contentsOf: line)
        }
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func pad(_ indent: Int) {
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent))
    }
}
