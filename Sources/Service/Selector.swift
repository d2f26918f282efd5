import Tree

/// Which machines are meant, as Kubernetes writes label selectors: `state=running,vars.role in (web,db),!vars.proxy`.
///
/// Every requirement must hold. `path kind certname state` are fields of the entry, anything else is a dotted path in the
/// computed definition. `=` (or `==`) and `!=` compare a scalar's text, `in (…)` and `notin (…)` with several, a key
/// alone asks that it be there, `!key` that it be not, `path~/courses/*/web` compares segment by segment, where `*`
/// stands for any one and `**` for any number. Of a list any element may be equal. A value with commas, parentheses or
/// spaces stands in quotes.
struct Selector: Sendable {
    private let requirements: [Requirement]

    private struct Requirement {
        let key: DottedPath
        let test: Test
    }

    private enum Test {
        case exists
        case isAbsent
        case isIn([String])
        case isNotIn([String])
        case matches(String)
    }

    init(_ text: String) throws(ServiceError) {
        guard let parts = text.split(atEach: ",") else {
            throw .badRequest("selector \"\(text)\": a parenthesis or a quote is not closed")
        }
        var requirements: [Requirement] = []
        for part in parts { requirements.append(try Selector.requirement(part.trimmed)) }
        self.requirements = requirements
    }

    /// Whether a machine is meant. `value` gives its field or computed value; nil if it has none.
    func matches(_ value: (DottedPath) -> Value?) -> Bool {
        requirements.allSatisfy { requirement in
            let found = value(requirement.key)
            switch requirement.test {
            case .exists: return found != nil
            case .isAbsent: return found == nil
            case .isIn(let texts): return found.map { $0.isAny(of: texts) } ?? false
            case .isNotIn(let texts): return found.map { !$0.isAny(of: texts) } ?? true
            case .matches(let pattern):
                return found?.string.map { Selector.matches(Selector.segments($0), Selector.segments(pattern)) }
                    ?? false
            }
        }
    }

    private static func requirement(_ text: String) throws(ServiceError) -> Requirement {
        if text.hasPrefix("!") {
            guard text.dropFirst().firstIndexOutsideQuotes(where: { "=!~(".contains($0) }) == nil else {
                throw .badRequest("selector \"\(text)\": expected ! before a key alone")
            }
            return Requirement(key: try key(String(text.dropFirst()), of: text), test: .isAbsent)
        }
        if let (key, test) = membership(text) { return Requirement(key: try Self.key(key, of: text), test: test) }
        guard let place = text.firstIndexOutsideQuotes(where: { "=!~".contains($0) }) else {
            return Requirement(key: try key(text, of: text), test: .exists)
        }
        let rest = text[place...]
        for (sign, test) in signs where rest.hasPrefix(sign) {
            let value = String(rest.dropFirst(sign.count)).trimmed.unquoted
            return Requirement(key: try key(String(text[..<place]), of: text), test: test(value))
        }
        throw .badRequest("selector \"\(text)\": expected =, !=, ~, in (…) or notin (…) after the key")
    }

    /// `key in (a,b)`, `key notin (a,b)`; nil if it is neither.
    private static func membership(_ text: String) -> (key: String, test: Test)? {
        guard text.hasSuffix(")"), let open = text.firstIndexOutsideQuotes(where: { $0 == "(" }) else { return nil }
        let words = text[..<open].split(separator: " ")
        guard let word = words.last, words.count > 1, let list = text[open...].dropFirst().dropLast().split(atEach: ",")
        else { return nil }
        let values = list.map(\.trimmed.unquoted)
        let key = words.dropLast().joined(separator: " ")
        switch word {
        case "in": return (key, .isIn(values))
        case "notin": return (key, .isNotIn(values))
        default: return nil
        }
    }

    private static let signs: [(String, @Sendable (String) -> Test)] = [
        ("!=", { .isNotIn([$0]) }), ("==", { .isIn([$0]) }), ("=", { .isIn([$0]) }), ("~", { .matches($0) }),
    ]

    private static func key(_ text: String, of requirement: String) throws(ServiceError) -> DottedPath {
        let key = text.trimmed
        if key.firstIndexOutsideQuotes(where: { $0.isWhitespace || "()".contains($0) }) != nil {
            throw .badRequest("selector \"\(requirement)\": expected =, !=, ~, in (…) or notin (…) after the key")
        }
        do {
            return try DottedPath(key)
        } catch {
            throw .badRequest("selector \"\(requirement)\": \(error)")
        }
    }

    private static func segments(_ path: String) -> ArraySlice<Substring> {
        path.split(separator: "/")[...]
    }

    private static func matches(_ path: ArraySlice<Substring>, _ pattern: ArraySlice<Substring>) -> Bool {
        guard let first = pattern.first else { return path.isEmpty }
        if first == "**" {
            // Several in a row mean no more than one, and would take exponential time.
            let rest = pattern.drop { $0 == "**" }
            return (path.startIndex...path.endIndex).contains { matches(path[$0...], rest) }
        }
        guard let segment = path.first, first == "*" || first == segment else { return false }
        return matches(path.dropFirst(), pattern.dropFirst())
    }
}

extension Value {
    /// Whether the text of this scalar, or of an element of this list, is one of these.
    fileprivate func isAny(of texts: [String]) -> Bool {
        switch self {
        case .null: texts.contains("null")
        case .bool(let truth): texts.contains(String(truth))
        case .integer(let number): texts.contains(String(number))
        case .float(let number): texts.contains(String(number))
        case .string(let text): texts.contains(text)
        case .list(let elements): elements.contains { $0.isAny(of: texts) }
        case .map: false
        }
    }
}
