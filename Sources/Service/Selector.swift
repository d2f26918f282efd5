import Tree

/// Which machines are meant, as Kubernetes writes label selectors: `state=running,vars.role in (web,db),!vars.proxy`.
///
/// Every requirement must hold. `path kind certname state hypervisor` are fields of the entry, anything else is a dotted
/// path in the computed definition. `=` (or `==`) and `!=` compare a scalar's text, `in (…)` and `notin (…)` with
/// several, a key alone asks that it be there, `!key` that it be not, `path~/courses/*/web` compares segment by segment, where `*`
/// stands for any one and `**` for any number.
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
        var requirements: [Requirement] = []
        for part in try Selector.split(text) {
            requirements.append(try Selector.requirement(part))
        }
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
                return found?.string.map { Selector.matches(Selector.segments($0), Selector.segments(pattern)) } ?? false
            }
        }
    }

    /// Splits at commas outside parentheses and quotes.
    private static func split(_ text: String) throws(ServiceError) -> [String] {
        var parts: [String] = []
        var part = ""
        var depth = 0
        var isQuoted = false
        for character in text {
            if character == "\"" { isQuoted.toggle() }
            if !isQuoted {
                if character == "(" { depth += 1 }
                if character == ")" { depth -= 1 }
                if character == ",", depth == 0 {
                    parts.append(part)
                    part = ""
                    continue
                }
            }
            part.append(character)
        }
        guard depth == 0, !isQuoted else {
            throw .badRequest("selector \"\(text)\": a parenthesis or a quote is not closed")
        }
        parts.append(part)
        return parts
    }

    private static func requirement(_ text: String) throws(ServiceError) -> Requirement {
        let text = trimmed(text[...])
        if text.hasPrefix("!") { return Requirement(key: try key(text.dropFirst(), of: text), test: .isAbsent) }
        for (name, isIn) in [("notin", false), ("in", true)] {
            guard text.hasSuffix(")"), let open = text.lastIndex(of: "(") else { break }
            let head = trimmed(text[..<open])
            guard head.hasSuffix(" \(name)") else { continue }
            let list = text[text.index(after: open)...].dropLast()
            let values = list.split(separator: ",", omittingEmptySubsequences: false).map { trimmed($0) }
            return Requirement(key: try key(head.dropLast(name.count), of: text), test: isIn ? .isIn(values) : .isNotIn(values))
        }
        guard let place = text.firstIndex(where: { "=!~".contains($0) }) else {
            return Requirement(key: try key(text[...], of: text), test: .exists)
        }
        let key = try key(text[..<place], of: text)
        let rest = text[place...]
        for (sign, test) in signs where rest.hasPrefix(sign) {
            return Requirement(key: key, test: test(trimmed(rest.dropFirst(sign.count))))
        }
        throw .badRequest("selector \"\(text)\": expected =, !=, ~, in (…) or notin (…) after the key")
    }

    private static let signs: [(String, @Sendable (String) -> Test)] = [
        ("!=", { .isNotIn([$0]) }), ("==", { .isIn([$0]) }), ("=", { .isIn([$0]) }), ("~", { .matches($0) }),
    ]

    private static func key(_ text: Substring, of requirement: String) throws(ServiceError) -> DottedPath {
        do {
            return try DottedPath(trimmed(text))
        } catch {
            throw .badRequest("selector \"\(requirement)\": \(error)")
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    private static func segments(_ path: String) -> ArraySlice<Substring> {
        path.split(separator: "/")[...]
    }

    private static func matches(_ path: ArraySlice<Substring>, _ pattern: ArraySlice<Substring>) -> Bool {
        guard let first = pattern.first else { return path.isEmpty }
        if first == "**" {
            return (path.startIndex...path.endIndex).contains { matches(path[$0...], pattern.dropFirst()) }
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
