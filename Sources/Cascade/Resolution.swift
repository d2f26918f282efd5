import OrderedCollections
import Tree

/// Replaces the references of one definition by what they lead to.
struct Resolution {
    let path: Path
    /// The definition; nil if no layer was fused.
    let root: Fused?
    private(set) var problems: [Problem] = []

    /// What became of the values that hold references; nil where that failed and was told.
    private var known: [ObjectIdentifier: Value?] = [:]
    /// The name of the machine, once it is known; nil in it where it cannot be resolved.
    private var knownCertname: String??
    /// The keys on the way to the value being resolved, outermost first, with the layers they are from.
    private var chain: [(key: DottedPath, layer: Layer)] = []
    /// How many bytes references have brought in.
    private(set) var weight = 0

    /// What references may bring into one definition, in bytes: thirty of them that double each other would otherwise
    /// fill any memory.
    static let heaviest = 1 << 20
    /// How many references may lead to one another in a row, and how deep what one brings in may be nested: both are
    /// followed on the stack.
    static let longestChain = 32
    static let deepest = 64
    /// For how many references that lead nowhere it is found out what may have been meant.
    static let mostHints = 20

    init(path: Path, root: Fused?) {
        self.path = path
        self.root = root
    }

    /// The definition with all references resolved. A value that cannot be resolved is left out and told as a problem.
    mutating func definition() -> Map {
        root.flatMap { resolve($0, at: [])?.map } ?? [:]
    }

    /// The name by which tools know the machine: the `certname` of the definition, or the labels from leaf to root and
    /// the `domain`, joined by dots. Where one of these cannot be resolved, the labels alone.
    mutating func certname() -> String {
        settledCertname() ?? labels
    }

    /// The value at a key, with all references resolved.
    mutating func value(at key: DottedPath) -> Value? { find(key) }

    private var labels: String { path.hostname }

    private mutating func settledCertname() -> String? {
        if let knownCertname { return knownCertname }
        let certname = resolvedCertname()
        knownCertname = .some(certname)
        return certname
    }

    private mutating func resolvedCertname() -> String? {
        if let certname = root?.fields?["certname"] { return resolve(certname, at: ["certname"])?.string }
        guard let domain = root?.fields?["domain"] else { return labels }
        return resolve(domain, at: ["domain"])?.string.map { "\(labels).\($0)" }
    }

    private mutating func resolve(_ field: Fused, at key: DottedPath) -> Value? {
        guard field.holdsReference else { return field.value }
        if let template = field.template { return resolveLeaf(field, template, at: key) }
        guard let fields = field.fields else { return field.value }
        if fields.values.contains(where: { $0.keyTemplate != nil }) { return resolveKeys(fields, at: key) }
        var failed: Set<Key> = []
        // The keys are shared with the fields; only what fails has to be taken out of them.
        var map = fields.mapValues { $0.holdsReference ? .null : $0.value }
        for (index, inner) in fields.values.enumerated() where inner.holdsReference {
            let name = fields.keys[index]
            if let value = resolve(inner, at: key + name) {
                map.values[index] = value
            } else {
                failed.insert(name)
            }
        }
        if !failed.isEmpty { map.removeAll { failed.contains($0.key) } }
        return .map(map)
    }

    /// A map whose keys were elements of a list: references in them are resolved. Of two that become one key, both have
    /// their part.
    private mutating func resolveKeys(_ fields: Fused.Fields, at key: DottedPath) -> Value {
        var map: Map = [:]
        for (name, field) in fields {
            guard let template = field.keyTemplate else {
                guard let value = resolve(field, at: key + name) else { continue }
                // What only stood in a list brings no parameters.
                if map[name] == nil || value.map?.isEmpty == false { map[name] = value }
                continue
            }
            guard enter(key, field.layer) else { continue }
            switch resolve(template) {
            case .string(let name)?: map[name] = map[name] ?? .map([:])
            case let value?: report("\(name) stands for \(value.summary); expected a string")
            case nil: break
            }
            chain.removeLast()
        }
        return .map(map)
    }

    private mutating func resolveLeaf(_ field: Fused, _ template: Template, at key: DottedPath) -> Value? {
        if let known = known[ObjectIdentifier(field)] { return known }
        guard enter(key, field.layer) else { return nil }
        var result = resolve(template)
        if field.strategy == .unique, case .list(let elements) = result { result = .list(elements.withoutRepeats) }
        chain.removeLast()
        known[ObjectIdentifier(field)] = .some(result)
        return result
    }

    /// Begins to resolve what stands at a key; false, and told, if references lead there for ever.
    private mutating func enter(_ key: DottedPath, _ layer: Layer) -> Bool {
        if let start = chain.firstIndex(where: { $0.key == key }) {
            let circle = (chain[start...].map(\.key) + [key]).map(\.description).joined(separator: " → ")
            report("references lead in a circle: \(circle)")
            return false
        }
        guard chain.count < Resolution.longestChain else {
            report("references lead through more than \(Resolution.longestChain) others")
            return false
        }
        chain.append((key, layer))
        return true
    }

    private mutating func resolve(_ template: Template) -> Value? {
        switch template {
        case .plain(let value):
            return value
        case .text(let parts):
            return resolve(parts)
        case .malformed(let message):
            report(message)
            return nil
        case .list(let elements):
            let resolved = elements.compactMap { resolve($0) }
            return resolved.count == elements.count ? .list(resolved) : nil
        case .map(let map):
            let resolved = map.compactMapValues { resolve($0) }
            return resolved.count == map.count ? .map(resolved) : nil
        }
    }

    /// A string of one reference takes the value as it is; one with text around it takes its text.
    private mutating func resolve(_ parts: [Reference.Part]) -> Value? {
        if parts.count == 1, case .reference(let target) = parts[0] { return value(of: target) }
        var text = ""
        for part in parts {
            switch part {
            case .text(let literal):
                text += literal
            case .reference(let target):
                guard let value = value(of: target) else { return nil }
                guard let inserted = value.insertable else {
                    let found = "${{ \(target) }} is \(value.summary) and cannot stand within text"
                    report("\(found); expected a string, a number or a boolean")
                    return nil
                }
                text += inserted
            }
        }
        return .string(text)
    }

    /// What a reference leads to.
    private mutating func value(of target: DottedPath) -> Value? {
        // What comes after too much was brought in is not looked for any more: it was told.
        guard weight <= Resolution.heaviest else { return nil }
        guard target.keys.first != "self" else { return builtIn(target) }
        guard let value = find(target) else { return nil }
        weight += value.weight
        guard weight <= Resolution.heaviest else {
            report("references bring in more than \(Resolution.heaviest) bytes; expected less")
            return nil
        }
        guard value.depth <= Resolution.deepest else {
            report("${{ \(target) }} is nested more than \(Resolution.deepest) deep")
            return nil
        }
        return value
    }

    private mutating func builtIn(_ target: DottedPath) -> Value? {
        if target.keys == ["self", "certname"] { return settledCertname().map(Value.string) }
        if let value = path.builtIn(target) { return value }
        report("${{ \(target) }} leads nowhere: expected self.name, self.path, self.folder or self.certname")
        return nil
    }

    /// The value at a key of the computed definition, which may lie within a list, or within what another reference
    /// brings in.
    private mutating func find(_ target: DottedPath) -> Value? {
        guard var field = root else { return nil }
        var rest = target.keys[...]
        while let key = rest.first, let inner = field.fields?[key] {
            field = inner
            rest.removeFirst()
        }
        guard field.holdsReference || !rest.isEmpty else { return field.value }
        var place = DottedPath(keys: Array(target.keys.prefix(rest.startIndex)))
        // Of a map that lacks the key the others are only named: they need not be resolved.
        if let key = rest.first, let fields = field.fields {
            report("${{ \(target) }} leads nowhere: \(Value.lacks(key, at: place, known: hinting(fields.keys)))")
            return nil
        }
        guard var value = resolve(field, at: place) else { return nil }
        for key in rest {
            guard let inner = value[key] else {
                let known = value.map.map { hinting($0.keys) } ?? []
                report("${{ \(target) }} leads nowhere: \(value.lacks(key, at: place, known: known))")
                return nil
            }
            value = inner
            place = place + key
        }
        return value
    }

    /// The keys among which one is looked for that may have been meant: none once there are more problems than anybody is
    /// told of, for each look compares all keys.
    private func hinting(_ keys: OrderedSet<Key>) -> OrderedSet<Key> {
        problems.count < Resolution.mostHints ? keys : []
    }

    private mutating func report(_ message: String) {
        guard weight <= Resolution.heaviest || problems.isEmpty else { return }
        problems.append(Problem(path: path, key: chain.last?.key, layer: chain.last?.layer.source, message))
    }
}
