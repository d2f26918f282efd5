import OrderedCollections
import Tree

/// Tells of a definition what its fusion knows: nothing is computed anew.
struct Explainer {
    let fields: Fused.Fields
    private let removals: RemovalIndex
    /// What is served.
    let definition: Value
    /// Whether references were resolved.
    let isResolved: Bool
    /// What `self` names.
    let builtIn: (DottedPath) -> Value?
    /// The keys whose references were told already: each is followed once, for thirty that mention the next one twice
    /// would otherwise be a billion.
    private var followed: Set<DottedPath> = []

    init(
        fields: Fused.Fields, removals: [Removal], definition: Value, isResolved: Bool,
        builtIn: @escaping (DottedPath) -> Value?
    ) {
        self.fields = fields
        self.removals = RemovalIndex(removals)
        self.definition = definition
        self.isResolved = isResolved
        self.builtIn = builtIn
    }

    mutating func explanations(of key: DottedPath) -> [Explanation] {
        guard !key.keys.isEmpty else {
            var explanations: [Explanation] = []
            for (name, field) in fields { explain(field, at: [name], [], &explanations) }
            for key in removals.keys where !definition.has(key) {
                explanations.append(absence(of: key, way(to: key).steps))
            }
            return explanations
        }
        let (steps, rest) = way(to: key)
        if let (place, field) = steps.last, rest.isEmpty || definition.has(key) {
            var explanations: [Explanation] = []
            explain(field, at: place, Array(steps.dropLast()), &explanations)
            return explanations
        }
        return [absence(of: key, steps)]
    }

    private typealias Step = (place: DottedPath, field: Fused)

    /// The fields on the way to a key, outermost first, and the keys that lead further than these.
    private func way(to key: DottedPath) -> (steps: [Step], rest: ArraySlice<Key>) {
        var steps: [Step] = []
        var rest = key.keys[...]
        var inner: Fused.Fields? = fields
        while let name = rest.first, let field = inner?[name] {
            steps.append(((steps.last?.place ?? []) + name, field))
            inner = field.fields
            rest.removeFirst()
        }
        return (steps, rest)
    }

    /// Explains a field, or all that it holds.
    private mutating func explain(
        _ field: Fused, at key: DottedPath, _ around: [Step], _ explanations: inout [Explanation]
    ) {
        let steps = around + [(key, field)]
        if let fields = field.fields, !fields.isEmpty {
            for (name, inner) in fields { explain(inner, at: key + name, steps, &explanations) }
            return
        }
        followed.insert(key)
        explanations.append(
            Explanation(
                // A key that holds a reference is called otherwise where it is served.
                key: key, value: definition.value(at: key) ?? (field.keyTemplate.map { _ in field.value }),
                origin: field,
                overrode: overrode(key, steps), removals: removals.removals(of: key), leads: leads(of: field, key),
                absence: nil)
        )
    }

    private mutating func leads(of field: Fused, _ key: DottedPath) -> [Explanation.Lead] {
        guard field.holdsReference, isResolved else { return [] }
        let name = field.keyTemplate == nil ? [] : leads(in: .string(key.keys.last?.text ?? ""), 0)
        return name + leads(in: field.value, 0)
    }

    /// What was replaced at a key, or around it as a whole; the nearest first.
    private func overrode(_ key: DottedPath, _ steps: [Step]) -> [Explanation.Override] {
        steps.reversed().flatMap { place, field in
            field.replacedOnes.reversed().compactMap { contribution in
                var (place, value) = (place, contribution.value)
                for name in key.keys.dropFirst(place.keys.count) {
                    guard case .map(let map) = value else { break }
                    guard let inner = map[name] else { return nil }
                    (place, value) = (place + name, inner)
                }
                return Explanation.Override(key: place, layer: contribution.layer, value: value)
            }
        }
    }
}

extension Explainer {
    private func absence(of key: DottedPath, _ steps: [Step]) -> Explanation {
        let (removals, overrode) = (removals.removals(of: key), overrode(key, steps))
        let reason: String
        if let removal = removals.first {
            let whole = removal.key == key ? "" : " with \(removal.key)"
            reason = "\(key) was unset at \(removal.layer.source)\(whole)"
        } else if let lost = overrode.first(where: { $0.key == key }),
            let (place, field) = steps.last(where: { !$0.field.replacedOnes.isEmpty })
        {
            reason =
                "\(key), which \(lost.layer.source) sets, is gone: \(field.layer.source) replaced \(place) as a whole"
        } else if let name = key.keys.first, Ply.instructionNames.contains(name) {
            reason = "\(name) tells the cascade what to do; it is no part of what a machine gets"
        } else {
            reason = "\(key) is set at no level\(hint(key, steps))"
        }
        return Explanation(
            key: key, value: nil, origin: nil, overrode: overrode, removals: removals, leads: [], absence: reason)
    }

    /// What may have been meant, or what stands in the way.
    private func hint(_ key: DottedPath, _ steps: [Step]) -> String {
        let place = steps.last?.place ?? []
        guard let value = place.keys.isEmpty ? definition : definition.value(at: place),
            let name = key.keys.dropFirst(place.keys.count).first
        else { return "" }
        guard case .map(let map) = value else { return "; \(value.lacks(name, at: place, known: []))" }
        return Spelling.nearest(to: name, among: map.keys).map { "; did you mean \(place + $0)?" } ?? ""
    }
}

extension Explainer {
    /// - Parameter depth: how many references led here; those of a broken definition may go on for ever.
    private mutating func leads(in value: Value, _ depth: Int) -> [Explanation.Lead] {
        switch value {
        case .string(let text):
            let parts = (try? Reference.parts(of: text)) ?? []
            return parts.compactMap { part in
                if case .reference(let key) = part { lead(to: key, depth) } else { nil }
            }
        case .list(let elements): return elements.flatMap { leads(in: $0, depth) }
        case .map(let map): return map.values.flatMap { leads(in: $0, depth) }
        case .null, .bool, .integer, .float: return []
        }
    }

    private mutating func lead(to key: DottedPath, _ depth: Int) -> Explanation.Lead {
        if key.keys.first == "self" {
            return Explanation.Lead(key: key, value: builtIn(key), layer: nil, leads: [])
        }
        let (steps, rest) = way(to: key)
        let field = steps.last.flatMap { rest.isEmpty || $0.field.fields == nil ? $0.field : nil }
        var onward: [Explanation.Lead] = []
        if let field, field.holdsReference, depth < Resolution.longestChain, followed.insert(key).inserted {
            onward = leads(in: field.value, depth + 1)
        }
        return Explanation.Lead(key: key, value: definition.value(at: key), layer: field?.layer, leads: onward)
    }
}

extension Value {
    /// Whether something stands at a key below this value, or the list in its place names it, as one of Puppet's classes.
    fileprivate func has(_ key: DottedPath) -> Bool {
        if value(at: key) != nil { return true }
        guard let name = key.keys.last, key.keys.dropLast() == ["puppet", "classes"] else { return false }
        return value(at: ["puppet", "classes"])?.list?.contains(.string(name.text)) ?? false
    }

    /// What stands at a key below this value, within lists too.
    fileprivate func value(at key: DottedPath) -> Value? {
        key.keys.reduce(self) { value, name in value?[name] }
    }
}
