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

    /// The parameters of a path of these segments; nil if it is not of this pattern.
    func match(_ segments: [String]) -> Parameters? {
        var count = segments.count
        var last = segments.last ?? ""
        if !verb.isEmpty {
            guard last.hasSuffix(verb) else { return nil }
            last.removeLast(verb.count)
            if last.isEmpty { count -= 1 }
        }
        // What stands at a place, the last one without its verb.
        func segment(_ place: Int) -> String { place == segments.count - 1 ? last : segments[place] }

        var parameters = Parameters()
        for (place, part) in parts.enumerated() {
            switch part {
            case .literal(let text):
                guard place < count, segment(place) == text else { return nil }
            case .one(let name):
                guard place < count else { return nil }
                parameters.append(name, segment(place))
            case .rest(let name):
                parameters.append(name, place < count ? (place..<count).map(segment).joined(separator: "/") : "")
                return parameters
            }
        }
        return count == parts.count ? parameters : nil
    }
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

extension Pattern.Part {
    fileprivate var rank: Int {
        switch self {
        case .literal: 0
        case .one: 1
        case .rest: 2
        }
    }
}
