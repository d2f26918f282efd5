/// Where a value stands in a definition: `vars.ntp_servers`, `vars."a.b".c`.
///
/// Keys that are empty or hold a dot, a quote, a brace, white space or a control character are quoted; within quotes `\"`
/// and `\\` stand for a quote and a backslash. List elements are named by their index, counted from 0.
public struct DottedPath: Hashable, Sendable {
    /// The keys from the top of the definition.
    public var keys: [Key]

    public init(keys: [Key] = []) {
        self.keys = keys
    }

    /// Reads a dotted path.
    public init(_ text: String) throws(DottedPathError) {
        var rest = Substring(text).utf8
        keys = [try Self.key(&rest, of: text)]
        while let separator = rest.popFirst() {
            guard separator == UInt8(ascii: ".") else {
                throw DottedPathError(text: text, reason: "text after a closing quote")
            }
            keys.append(try Self.key(&rest, of: text))
        }
    }

    /// Takes one key from the front of `rest`, up to its dot or its closing quote.
    private static func key(_ rest: inout Substring.UTF8View, of text: String) throws(DottedPathError) -> Key {
        guard rest.first == UInt8(ascii: "\"") else {
            let key = rest.prefix { $0 != UInt8(ascii: ".") }
            guard !key.isEmpty else { throw DottedPathError(text: text, reason: "a key is empty") }
            rest = rest[key.endIndex...]
            return Key(String(Substring(key)))
        }
        rest.removeFirst()
        var key: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return Key(String(decoding: key, as: UTF8.self))
            case UInt8(ascii: "\\"): if let escaped = rest.popFirst() { key.append(escaped) }
            default: key.append(byte)
            }
        }
        throw DottedPathError(text: text, reason: "a quote is not closed")
    }

    public static func + (path: DottedPath, key: Key) -> DottedPath {
        DottedPath(keys: path.keys + [key])
    }
}

extension DottedPath: CustomStringConvertible {
    public var description: String {
        keys.map { Self.quoted($0.text) }.joined(separator: ".")
    }

    private static func quoted(_ key: String) -> String {
        guard key.isEmpty || key.unicodeScalars.contains(where: isSpecial) else { return key }
        var text = "\""
        for scalar in key.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { text += "\\" }
            text.unicodeScalars.append(scalar)
        }
        return text + "\""
    }

    /// Braces, because a reference ends at one.
    private static func isSpecial(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ".", "\"", "{", "}": true
        default: scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
        }
    }
}

extension DottedPath {
    /// Whether one of two keys holds the other, or is it.
    public func overlaps(_ other: DottedPath) -> Bool {
        keys.starts(with: other.keys) || other.keys.starts(with: keys)
    }
}

extension DottedPath: ExpressibleByArrayLiteral {
    public init(arrayLiteral keys: Key...) {
        self.keys = keys
    }
}

/// Why a text is no dotted path.
public struct DottedPathError: Error, Hashable, Sendable, CustomStringConvertible {
    public let text: String
    public let reason: String

    public var description: String {
        "\"\(text)\" is not a dotted path: \(reason); expected keys joined by dots, such as vars.ntp or vars.\"a.b\".c"
    }
}
