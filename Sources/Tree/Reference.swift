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
        return text.withUTF8 { bytes in
            guard bytes.count >= opening.count else { return false }
            return (0...(bytes.count - opening.count)).contains { bytes[$0] == opening[0] && starts(bytes, at: $0) }
        }
    }

    private static let opening = Array("${{".utf8)

    private static func starts(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        bytes[index + 1] == opening[1] && bytes[index + 2] == opening[2]
    }

    /// Takes a string apart.
    public static func parts(of text: String) throws(ReferenceError) -> [Part] {
        var parts: [Part] = []
        var literal = ""
        var rest = text.unicodeScalars[...]
        while let scalar = rest.first {
            if rest.starts(with: "$${{".unicodeScalars) {
                literal += "${{"
                rest = rest.dropFirst(4)
            } else if rest.starts(with: "${{".unicodeScalars) {
                if !literal.isEmpty { parts.append(.text(literal)) }
                literal = ""
                parts.append(.reference(try target(&rest)))
            } else {
                literal.unicodeScalars.append(scalar)
                rest.removeFirst()
            }
        }
        if !literal.isEmpty { parts.append(.text(literal)) }
        return parts
    }

    /// Takes one reference from the front; quoted keys may hold braces.
    private static func target(_ rest: inout Substring.UnicodeScalarView) throws(ReferenceError) -> DottedPath {
        rest = rest.dropFirst(3)
        var inner = ""
        var isQuoted = false
        while let scalar = rest.popFirst() {
            if scalar == "}", !isQuoted, rest.first == "}" {
                rest.removeFirst()
                do {
                    return try DottedPath(trimmed(inner))
                } catch {
                    throw ReferenceError(message: "in a reference, \(error)")
                }
            }
            inner.unicodeScalars.append(scalar)
            if isQuoted, scalar == "\\", let escaped = rest.popFirst() {
                inner.unicodeScalars.append(escaped)
            } else if scalar == "\"" {
                isQuoted.toggle()
            }
        }
        throw ReferenceError(
            message: "a reference is not closed; expected ${{ key }}, or $${{ where a literal ${{ is meant")
    }

    private static func trimmed(_ text: String) -> String {
        var scalars = text.unicodeScalars[...]
        while scalars.first?.properties.isWhitespace == true { scalars.removeFirst() }
        while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
        return String(scalars)
    }
}

/// Why a string's references cannot be read.
public struct ReferenceError: Error, Hashable, Sendable, CustomStringConvertible {
    public let message: String
    public var description: String { message }
}
