internal import OrderedCollections
internal import Tree

/// Writes values as JSON.
///
/// Not through jansson: its `json_dumps` writes 0.1 as 0.10000000000000001, and the shortest text is what people and
/// other loaders expect.
struct JSONWriter {
    var bytes: [UInt8]
    /// How deep the line at hand is indented; nil writes compactly.
    var indent: Int?

    mutating func append(_ value: Value) {
        switch value {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let truth): bytes.append(contentsOf: truth ? "true".utf8 : "false".utf8)
        case .integer(let number): bytes.append(contentsOf: number.description.utf8)
        case .float(let number): bytes.append(contentsOf: Self.text(of: number).utf8)
        case .string(let text): Self.append(text, to: &bytes)
        case .list(let list):
            append(list, between: "[", "]") { writer, element in writer.append(element) }
        case .map(let map):
            append(map.elements, between: "{", "}") { writer, element in
                Self.append(element.key.text, to: &writer.bytes)
                writer.bytes.append(UInt8(ascii: ":"))
                if writer.indent != nil { writer.bytes.append(UInt8(ascii: " ")) }
                writer.append(element.value)
            }
        }
    }

    /// Writes elements with commas between and brackets around them.
    private mutating func append<Elements: Collection>(
        _ elements: Elements, between open: Unicode.Scalar, _ close: Unicode.Scalar,
        _ body: (inout JSONWriter, Elements.Element) -> Void
    ) {
        bytes.append(UInt8(ascii: open))
        if !elements.isEmpty {
            indent? += 2
            var isFirst = true
            for element in elements {
                if !isFirst { bytes.append(UInt8(ascii: ",")) }
                isFirst = false
                breakLine()
                body(&self, element)
            }
            indent? -= 2
            breakLine()
        }
        bytes.append(UInt8(ascii: close))
    }

    private mutating func breakLine() {
        guard let indent else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent))
    }

    /// The shortest text that reads back as the same float, as JSON and every YAML take it: `1.0e+20`, because loaders of
    /// YAML 1.1 read `1e+20` as a string.
    static func text(of number: Double) -> String {
        guard number.isFinite else { return "null" }
        let text = number.description
        guard let exponent = text.utf8.firstIndex(of: UInt8(ascii: "e")), !text.utf8.contains(UInt8(ascii: "."))
        else { return text }
        return text[..<exponent] + ".0" + text[exponent...]
    }

    /// Writes a string in quotes, what needs no escape in whole runs.
    static func append(_ string: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var string = string
        string.withUTF8 { text in
            var runStart = 0
            for (index, byte) in text.enumerated() {
                if byte < 0x20 || byte == quote || byte == backslash || byte == 0x7F {
                    bytes.append(contentsOf: text[runStart..<index])
                    appendEscaped(byte, to: &bytes)
                    runStart = index + 1
                } else if byte >= 0xC2, let (scalar, length) = unreadable(text, at: index) {
                    bytes.append(contentsOf: text[runStart..<index])
                    appendCode(scalar, to: &bytes)
                    runStart = index + length
                }
            }
            bytes.append(contentsOf: text[runStart...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")
}
