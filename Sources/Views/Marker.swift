import Cascade
import OrderedCollections
import Tree

/// Marks a machine's values for Ansible, each by who had a say in it: `ansible.templates` lets code through only from the
/// level that says so, and from farther ones.
struct Marker {
    private let licence: Licence?
    private let fields: Fused.Fields

    init(_ subject: Subject) {
        licence = Licence(["ansible", "templates"], in: subject.computed)
        fields = licence == nil ? [:] : subject.computed.fields
    }

    /// A value of a map of the definition.
    func marked(_ value: Value, _ key: Key, of map: Key) -> Value { marked(value, origin(key, of: map)) }

    /// Why a key of a map of the definition is left out; nil if it is not.
    func refusal(of key: Key, of map: Key) -> String? { refusal(of: key, origin(key, of: map)) }

    /// The keys within a map of the definition that are left out, at any depth.
    func omissions(in map: Map, _ name: Key) -> [Omission] {
        map.flatMap { key, value in omissions(key, value, origin(key, of: name), at: [name]) }
    }

    /// What a value of a map of the definition was fused of.
    private func origin(_ key: Key, of map: Key) -> Fused? {
        fields[map]?.part(key)
    }

    private func marking(of field: Fused?) -> Marking {
        guard let licence, let field, licence.covers(field) else { return .text }
        return .code
    }

    /// A value, and what it was fused of.
    func marked(_ value: Value, _ field: Fused?) -> Value {
        guard case .map(let map) = value, case .map(let fields)? = field?.content else {
            return marking(of: field).marked(value)
        }
        var result: Map = [:]
        for (key, inner) in map where refusal(of: key, fields[key]) == nil { result[key] = marked(inner, fields[key]) }
        return .map(result)
    }

    private func refusal(of key: Key, _ field: Fused?) -> String? {
        // Of what is nobody's own text there is nothing to look up.
        Marking.text.refusal(of: key) == nil ? nil : marking(of: field).refusal(of: key)
    }

    private func omissions(_ key: Key, _ value: Value, _ field: Fused?, at place: DottedPath) -> [Omission] {
        if let reason = refusal(of: key, field) { return [Omission(place + key, reason)] }
        guard case .map(let map) = value, case .map(let fields)? = field?.content else {
            return marking(of: field).omissions(in: value, at: place + key)
        }
        return map.flatMap { omissions($0, $1, fields[$0], at: place + key) }
    }
}

extension Fused {
    /// What the value at a key of this one was fused of; of one that a reference brings in with the map around it, the
    /// reference.
    func part(_ key: Key) -> Fused { self[[key][...]] ?? self }
}
