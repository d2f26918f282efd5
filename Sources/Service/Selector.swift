import Tree

/// Which machines are meant, as Kubernetes writes label selectors: `state=running,vars.role in (web,db),!vars.proxy`.
///
/// Every requirement must hold. `path kind certname state` are fields of the entry, anything else is a dotted path in the
/// computed definition. `=` (or `==`) and `!=` compare a scalar's text, `in (…)` and `notin (…)` with several, a key
/// alone asks that it be there, `!key` that it be not, `path~/courses/*/web` compares segment by segment, where `*`
/// stands for any one and `**` for any number. Of a list any element may be equal. A value with commas, parentheses or
/// spaces stands in quotes. A value that cannot be computed is neither equal nor unequal to anything, nor absent.
struct Selector: Sendable {
    /// What a machine's field is held against: nothing is computed for it.
    private var ofFields: [(field: Field, test: Test)] = []
    /// What the computed definition is held against.
    private var ofDefinition: [(key: DottedPath, test: Test)] = []

    /// What is known of each machine without its computed definition. Of that it has what the index took from it.
    enum Field: String, CaseIterable {
        case path, kind, certname, state, hypervisor
        case groups = "ansible.groups"
    }

    init(_ text: String) throws(ServiceError) {
        guard let parts = text.split(atEach: ",") else {
            throw .badRequest("selector \"\(text)\": a parenthesis or a quote is not closed")
        }
        for part in parts {
            let (key, test) = try Selector.requirement(part.trimmed)
            if let field = Field(rawValue: "\(key)"), field.suffices(for: test) {
                ofFields.append((field, test))
            } else {
                ofDefinition.append((key, test))
            }
        }
    }

    /// Whether the fields do not say all.
    var asksForDefinition: Bool { !ofDefinition.isEmpty }

    /// Whether a machine's fields are as they are to be.
    func verdict(fields: (Field) -> Finding) -> Verdict {
        Verdict.all(ofFields) { $0.test.verdict(on: fields($0.field)) }
    }

    /// Whether a machine's computed definition is as it is to be.
    func verdict(definition: (DottedPath) -> Finding) -> Verdict {
        Verdict.all(ofDefinition) { $0.test.verdict(on: definition($0.key)) }
    }

    private static func requirement(_ text: String) throws(ServiceError) -> (key: DottedPath, test: Test) {
        if text.hasPrefix("!") {
            guard text.dropFirst().firstIndexOutsideQuotes(where: { "=!~(".contains($0) }) == nil else {
                throw .badRequest("selector \"\(text)\": expected ! before a key alone")
            }
            return (try key(String(text.dropFirst()), of: text), .isAbsent)
        }
        if let (key, test) = membership(text) { return (try Self.key(key, of: text), test) }
        guard let place = text.firstIndexOutsideQuotes(where: { "=!~".contains($0) }) else {
            return (try key(text, of: text), .exists)
        }
        let rest = text[place...]
        for (sign, test) in signs where rest.hasPrefix(sign) {
            let value = String(rest.dropFirst(sign.count)).trimmed.unquoted
            return (try key(String(text[..<place]), of: text), test(value))
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
        ("!=", { .isNotIn([$0]) }), ("==", { .isIn([$0]) }), ("=", { .isIn([$0]) }),
        ("~", { .matches(Selector.segments($0)) }),
    ]

    private static func key(_ text: String, of requirement: String) throws(ServiceError) -> DottedPath {
        let key = text.trimmed
        if key.firstIndexOutsideQuotes(where: { $0.isWhitespace || "()".contains($0) }) != nil {
            throw .badRequest("selector \"\(requirement)\": expected =, !=, ~, in (…) or notin (…) after the key")
        }
        let path: DottedPath
        do {
            path = try DottedPath(key)
        } catch {
            throw .badRequest("selector \"\(requirement)\": \(error)")
        }
        guard let first = path.keys.first, !known.contains(first) else { return path }
        let hint = Spelling.nearest(to: first, among: known).map { "did you mean \"\($0)\"?" }
        throw .badRequest(
            "selector \"\(requirement)\": unknown key \"\(first)\"; \(hint ?? "expected one such as state or vars.role")"
        )
    }

    /// What a key may begin with.
    private static let known = Set(Field.allCases.map { Key($0.rawValue) }).union(Schema.classes.keys)
}

extension Selector.Field {
    /// Whether the field tells what the computed definition would: the index does not tell an empty list of groups from
    /// none.
    fileprivate func suffices(for test: Selector.Test) -> Bool {
        switch (self, test) {
        case (.groups, .exists), (.groups, .isAbsent): false
        case (.path, _), (.kind, _), (.certname, _), (.state, _), (.hypervisor, _), (.groups, _): true
        }
    }
}
