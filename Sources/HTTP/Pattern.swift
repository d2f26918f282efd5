import Glibc

/// The paths that a route answers: literal segments, `{name}` for any one segment, `{name...}` at the end for any number
/// of them, none included, and at the very end perhaps a verb: `/enc/{certname}`, `/v1/tree/{path...}:copy`.
///
/// A verb is what follows the last segment after a colon, even where no segment is left to match: both `/v1/tree:copy`
/// and `/v1/tree/:copy` are `/v1/tree/{path...}:copy` with no segments. Any text is a pattern; what is not a parameter
/// is literal.
public struct Pattern: Hashable, Sendable {
    enum Part: Hashable, Sendable {
        case literal(String)
        case one(String)
        case rest(String)
    }

    let parts: [Part]
    /// With its colon; empty if there is none.
    let verb: String

    public init(_ text: String) {
        let colon = text.lastIndex(of: ":") ?? text.endIndex
        verb = String(text[colon...])
        let segments = text[..<colon].split(separator: "/")
        parts = segments.enumerated().map { Pattern.part($1, isLast: $0 == segments.count - 1) }
    }

    private static func part(_ segment: Substring, isLast: Bool) -> Part {
        guard segment.hasPrefix("{"), segment.hasSuffix("}") else { return .literal(String(segment)) }
        let name = segment.dropFirst().dropLast()
        guard name.hasSuffix("...") else { return .one(String(name)) }
        return isLast ? .rest(String(name.dropLast(3))) : .literal(String(segment))
    }

    /// The names of the parameters, in order.
    public var names: [String] {
        parts.compactMap { part in
            switch part {
            case .literal: nil
            case .one(let name), .rest(let name): name
            }
        }
    }

    /// Whether a path is of this pattern; if so, `found` is told where in it each parameter stands.
    func match(_ place: UnsafeRawBufferPointer, _ found: (String, Range<Int>) -> Void = { _, _ in }) -> Bool {
        var end = place.count
        if !verb.isEmpty {
            guard place.ends(with: verb) else { return false }
            end -= verb.utf8.count
            if end > 0, place[end - 1] == Pattern.slash { end -= 1 }
        }
        var position = 0
        for part in parts {
            if case .rest(let name) = part {
                found(name, min(position + 1, end)..<end)
                return true
            }
            guard position < end else { return false }
            let start = position + 1
            position = min(place.firstIndex(of: Pattern.slash, from: start), end)
            switch part {
            case .literal(let text):
                guard UnsafeRawBufferPointer(rebasing: place[start..<position]).isSame(as: text) else { return false }
            case .one(let name), .rest(let name): found(name, start..<position)
            }
        }
        return position == end
    }

    private static let slash = UInt8(ascii: "/")
}

extension Pattern: CustomStringConvertible {
    /// As it was written.
    public var description: String {
        let path = parts.map { part in
            switch part {
            case .literal(let text): "/\(text)"
            case .one(let name): "/{\(name)}"
            case .rest(let name): "/{\(name)...}"
            }
        }
        return (path.isEmpty ? "/" : path.joined()) + verb
    }
}

/// The more particular pattern comes first: a literal before a parameter, one segment before many, a verb before none.
extension Pattern: Comparable {
    public static func < (left: Pattern, right: Pattern) -> Bool {
        let (first, second) = (left.parts.map(\.rank), right.parts.map(\.rank))
        return first == second ? left.verb > right.verb : first.lexicographicallyPrecedes(second)
    }
}

extension UnsafeRawBufferPointer {
    /// Where a byte comes first, from a place on; the end if it does not.
    func firstIndex(of byte: UInt8, from start: Int) -> Int {
        guard let baseAddress, start < count, let found = memchr(baseAddress + start, Int32(byte), count - start) else {
            return count
        }
        return UnsafeRawPointer(found) - baseAddress
    }

    fileprivate func ends(with text: String) -> Bool {
        count >= text.utf8.count && suffix(text.utf8.count).elementsEqual(text.utf8)
    }
}

extension Pattern.Part {
    fileprivate var rank: Int {
        switch self {
        case .literal: 0
        case .one: 1
        case .rest: 2
        }
    }
}
