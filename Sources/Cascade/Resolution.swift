import OrderedCollections
import Tree

/// Replaces the references of one definition by what they lead to.
struct Resolution {
    let path: Path
    let fields: Fused.Fields
    private(set) var problems: [Problem] = []

    /// What became of the values that hold references, by key; nil where that failed and was told.
    private var known: [DottedPath: Value?] = [:]
    /// The keys on the way to the value being resolved, outermost first, with the layers they are from.
    private var chain: [(key: DottedPath, layer: Layer)] = []
    /// How many bytes references have brought in.
    private var weight = 0

    /// What references may bring into one definition, in bytes: thirty of them that double each other would otherwise
    /// fill any memory.
    static let heaviest = 1 << 20

    init(path: Path, fields: Fused.Fields) {
        self.path = path
        self.fields = fields
    }

    /// The definition with all references resolved. A value that cannot be resolved is left out and told as a problem.
    mutating func definition() -> Map {
        resolve(fields, at: [])
    }

    /// The `certname` of the definition, or the labels from leaf to root and the domain, joined by dots.
    mutating func certname() -> String {
        if let field = fields["certname"], let name = resolve(field, at: ["certname"])?.string { return name }
        let domain = fields["domain"].flatMap { resolve($0, at: ["domain"])?.string }
        return (path.segments.reversed() + [domain].compactMap { $0 }).joined(separator: ".")
    }

    private mutating func resolve(_ fields: Fused.Fields, at key: DottedPath) -> Map {
        var map: Map = [:]
        map.reserveCapacity(fields.count)
        for (name, field) in fields { map[name] = resolve(field, at: key + name) }
        return map
    }

    private mutating func resolve(_ field: Fused, at key: DottedPath) -> Value? {
        switch field.content {
        case .map(let fields):
            return .map(resolve(fields, at: key))
        case .leaf(let value):
            guard value.holdsReference else { return value }
            if let known = known[key] { return known }
            if let start = chain.firstIndex(where: { $0.key == key }) {
                let circle = (chain[start...].map(\.key) + [key]).map(\.description).joined(separator: " → ")
                report("references lead in a circle: \(circle)")
                return nil
            }
            chain.append((key, field.layer))
            let result = resolve(value)
            chain.removeLast()
            known[key] = .some(result)
            return result
        }
    }

    private mutating func resolve(_ value: Value) -> Value? {
        switch value {
        case .string(let text):
            guard Reference.isHeld(by: text) else { return value }
            do {
                return resolve(try Reference.parts(of: text))
            } catch {
                report(error.message)
                return nil
            }
        case .list(let elements):
            let resolved = elements.compactMap { resolve($0) }
            return resolved.count == elements.count ? .list(resolved) : nil
        case .map(let map):
            let resolved = map.compactMapValues { resolve($0) }
            return resolved.count == map.count ? .map(resolved) : nil
        case .null, .bool, .integer, .float:
            return value
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
                    report(
                        "${{ \(target) }} is \(value.summary) and cannot stand within text; expected a string or a number"
                    )
                    return nil
                }
                text += inserted
            }
        }
        return .string(text)
    }

    /// What a reference leads to.
    private mutating func value(of target: DottedPath) -> Value? {
        if target.keys.first == "self" { return builtIn(target) }
        guard let field = Fused.find(target, in: fields) else {
            report("${{ \(target) }} leads nowhere: \(missing(target))")
            return nil
        }
        guard let value = resolve(field, at: target) else { return nil }
        weight += value.weight
        guard weight <= Resolution.heaviest else {
            report(
                "references bring in more than \(Resolution.heaviest) bytes; expected fewer that lead to one another")
            return nil
        }
        return value
    }

    private mutating func builtIn(_ target: DottedPath) -> Value? {
        switch target.keys {
        case ["self", "name"]: return .string(path.name)
        case ["self", "path"]: return .string(path.description)
        case ["self", "folder"]: return .string((path.parent ?? .root).description)
        case ["self", "certname"]: return .string(certname())
        default:
            report("${{ \(target) }} leads nowhere: expected self.name, self.path, self.folder or self.certname")
            return nil
        }
    }

    private func missing(_ target: DottedPath) -> String {
        var place = DottedPath()
        var names = Array(fields.keys)
        for key in target.keys {
            guard let field = Fused.find(place + key, in: fields) else {
                let hint = Spelling.nearest(to: key, among: names).map { "; did you mean \(place + $0)?" } ?? ""
                return "this machine has no \(place + key)\(hint)"
            }
            place = place + key
            guard case .map(let inner) = field.content else { return "\(place) is \(field.value.kind), not a map" }
            names = Array(inner.keys)
        }
        return "this machine has no \(target)"
    }

    private mutating func report(_ message: String) {
        guard weight <= Resolution.heaviest || problems.isEmpty else { return }
        problems.append(Problem(path: path, key: chain.last?.key, layer: chain.last?.layer.source, message))
    }
}

extension Value {
    fileprivate var holdsReference: Bool {
        switch self {
        case .string(let text): Reference.isHeld(by: text)
        case .list(let elements): elements.contains { $0.holdsReference }
        case .map(let map): map.values.contains { $0.holdsReference }
        case .null, .bool, .integer, .float: false
        }
    }

    /// The text that stands for a scalar within text.
    fileprivate var insertable: String? {
        switch self {
        case .string(let text): text
        case .integer(let number): String(number)
        case .float(let number): String(number)
        case .bool(let truth): String(truth)
        case .null, .list, .map: nil
        }
    }

    /// About how many bytes the value takes.
    fileprivate var weight: Int {
        switch self {
        case .null, .bool, .integer, .float: 8
        case .string(let text): 8 + text.utf8.count
        case .list(let elements): elements.reduce(8) { $0 + $1.weight }
        case .map(let map): map.reduce(8) { $0 + $1.key.utf8.count + $1.value.weight }
        }
    }
}
