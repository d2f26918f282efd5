/// The syntax of references: `${{ vars.site }}` within a string; `$${{` stands for a literal `${{`.
public enum Reference {
    /// A string taken apart.
    public enum Part: Hashable, Sendable {
        case text(String)
        case reference(DottedPath)
    }

    /// Whether the string holds a reference or an escaped one.
    public static func isHeld(by text: String) -> Bool {
        var text = text
        return text.withUTF8(isHeld)
    }

    static func isHeld(by bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count >= opening.count else { return false }
        return (0...(bytes.count - opening.count)).contains { bytes[$0] == opening[0] && starts(bytes, at: $0) }
    }

    private static let opening = Array("${{".utf8)

    private static func starts(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        bytes[index + 1] == opening[1] && bytes[index + 2] == opening[2]
    }

    /// Takes a string apart.
    public static func parts(of text: String) throws(ReferenceError) -> [Part] {
        var parts: [Part] = []
        var literal = ""
        var rest = Substring(text).utf8
        while let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
            literal += Substring(rest[..<dollar])
            rest = rest[dollar...]
            if rest.starts(with: "$${{".utf8) {
                literal += "${{"
                rest = rest.dropFirst(4)
            } else if rest.starts(with: "${{".utf8) {
                if !literal.isEmpty { parts.append(.text(literal)) }
                literal = ""
                rest = rest.dropFirst(3)
                parts.append(.reference(try target(&rest)))
            } else {
                literal += "$"
                rest.removeFirst()
            }
        }
        literal += Substring(rest)
        if !literal.isEmpty { parts.append(.text(literal)) }
        return parts
    }

    /// Takes a key and the braces that close its reference from the front; quoted keys may hold braces.
    private static func target(_ rest: inout Substring.UTF8View) throws(ReferenceError) -> DottedPath {
        let start = rest
        var isQuoted = false
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""):
                isQuoted.toggle()
            case UInt8(ascii: "\\") where isQuoted:
                _ = rest.popFirst()
            case UInt8(ascii: "}") where !isQuoted && rest.first == byte:
                let inner = start.prefix(start.count - rest.count - 1)
                rest.removeFirst()
                do {
                    return try DottedPath(trimmed(inner))
                } catch {
                    throw ReferenceError(message: "in a reference, \(error)")
                }
            default:
                break
            }
        }
        throw ReferenceError(
            message: "a reference is not closed; expected ${{ key }}, or $${{ where a literal ${{ is meant")
    }

    private static func trimmed(_ text: Substring.UTF8View) -> String {
        let blanks = " \t\r\n".utf8
        var text = text.drop(while: blanks.contains)
        while let last = text.last, blanks.contains(last) { text.removeLast() }
        return String(Substring(text))
    }
}

/// Why a string's references cannot be read.
public struct ReferenceError: Error, Hashable, Sendable, CustomStringConvertible {
    public let message: String
    public var description: String { message }
}
