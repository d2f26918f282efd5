internal import Tree

/// What plain scalars and tags mean in YAML 1.2 (§10.3.2), within what a value can hold.
enum CoreSchema {
    enum Meaning {
        case value(Value)
        /// Why the scalar cannot be read.
        case refused(String)
    }

    /// What the handle `!!` stands for.
    static let prefix = "tag:yaml.org,2002:"

    static func isNull(_ text: String) -> Bool {
        ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// The value of a plain scalar, or of any scalar with an explicit tag.
    static func resolve(_ text: String, tag: String?) -> Meaning {
        guard let tag else { return resolve(text) }
        guard tag != prefix + "str" else { return .value(.string(text)) }
        let meaning = resolve(text)
        guard case .value(let value) = meaning else { return meaning }
        switch (tag, value) {
        case (prefix + "null", .null), (prefix + "bool", .bool), (prefix + "int", .integer), (prefix + "float", .float):
            return meaning
        case (prefix + "float", .integer(let number)): return .value(.float(Double(number)))
        default: return .refused(refusal(ofTag: tag, on: "\"\(Text.excerpt(text))\""))
        }
    }

    /// The value of a plain scalar.
    private static func resolve(_ text: String) -> Meaning {
        switch text {
        case _ where isNull(text): return .value(.null)
        case "true", "True", "TRUE": return .value(true)
        case "false", "False", "FALSE": return .value(false)
        default: break
        }
        guard let first = text.utf8.first, isDigit(first) || "+-.".utf8.contains(first) else {
            return .value(.string(text))
        }
        if text.hasPrefix("0o") { return integer(text, radix: 8) }
        if text.hasPrefix("0x") { return integer(text, radix: 16) }
        let unsigned = text.utf8.drop { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
        guard text.utf8.count - unsigned.count <= 1 else { return .value(.string(text)) }
        if [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"].contains(String(Substring(unsigned))) {
            return .refused("\(text) is no number that JSON has; expected a finite one, or a string in quotes")
        }
        switch numeral(unsigned) {
        case .integer:
            return Int(text).map { .value(.integer($0)) } ?? .refused(Numbers.integerMessage(Text.excerpt(text)))
        case .float:
            guard let number = Double(text), number.isFinite else {
                return .refused(Numbers.floatMessage(Text.excerpt(text)))
            }
            return .value(.float(number))
        case nil: return .value(.string(text))
        }
    }

    private enum Numeral { case integer, float }

    /// Which numeral the text after a sign is; nil if it is none, or has digits after a leading zero.
    private static func numeral(_ text: Substring.UTF8View) -> Numeral? {
        let whole = text.prefix(while: isDigit)
        guard whole.count < 2 || whole.first != UInt8(ascii: "0") else { return nil }
        var rest = text[whole.endIndex...]
        guard !rest.isEmpty else { return whole.isEmpty ? nil : .integer }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            let fraction = rest.prefix(while: isDigit)
            guard !whole.isEmpty || !fraction.isEmpty else { return nil }
            rest = rest[fraction.endIndex...]
        } else if whole.isEmpty {
            return nil
        }
        guard let mark = rest.first else { return .float }
        guard mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") else { return nil }
        rest = rest.dropFirst()
        if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        return !rest.isEmpty && rest.allSatisfy(isDigit) ? .float : nil
    }

    private static func integer(_ text: String, radix: Int) -> Meaning {
        let digits = text.utf8.dropFirst(2)
        let isNumeral =
            !digits.isEmpty && digits.allSatisfy { Character(Unicode.Scalar($0)).hexDigitValue ?? radix < radix }
        guard isNumeral else { return .value(.string(text)) }
        return Int(Substring(digits), radix: radix).map { .value(.integer($0)) }
            ?? .refused(Numbers.integerMessage(Text.excerpt(text)))
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// Why a tag cannot stand before `content`.
    static func refusal(ofTag tag: String, on content: String) -> String {
        let known = ["str", "int", "float", "bool", "null", "map", "seq"]
        let shown = Text.excerpt(tag.hasPrefix(prefix) ? "!!" + tag.dropFirst(prefix.count) : tag)
        return known.contains { tag == prefix + $0 }
            ? "the tag \(shown) does not fit \(content); expected content of that kind, or no tag"
            : "the tag \(shown) is not allowed; expected no tag, or one of \(known.map { "!!" + $0 }.joined(separator: " "))"
    }
}
