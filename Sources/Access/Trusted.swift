public import OrderedCollections
public import Tree

extension Map {
    /// The part of a definition that needs `trust` to be written, as ``Schema/needsTrust(_:)`` has it; in prototypes too,
    /// and in what `merge` and `unset` do to it.
    public var trusted: Map {
        var trusted: Map = [:]
        for (name, value) in self where !Self.instructions.contains(name) {
            trusted[name] = Self.trusted(value, at: [name])
        }
        if let merge = self["merge"]?.map?.filter({ Self.touches($0.key.text) }), !merge.isEmpty {
            trusted["merge"] = .map(merge)
        }
        if let unset = self["unset"]?.list?.filter({ $0.string.map(Self.touches) ?? true }), !unset.isEmpty {
            trusted["unset"] = .list(unset)
        }
        let prototypes = self["prototypes"]?.map?.compactMapValues { prototype in
            prototype.map.map(\.trusted).flatMap { $0.isEmpty ? nil : Value.map($0) }
        }
        if let prototypes, !prototypes.isEmpty { trusted["prototypes"] = .map(prototypes) }
        return trusted
    }

    private static let instructions: Set<Key> = ["merge", "unset", "prototypes"]

    /// The part of a value that needs trust. A reference in place of a map may bring in all that the map could hold.
    private static func trusted(_ value: Value, at key: [Key]) -> Value? {
        guard Schema.needsTrust(key) else { return nil }
        guard key == ["puppet"], let map = value.map else { return value }
        let parts = map.filter { Schema.needsTrust(key + [$0.key]) }
        return parts.isEmpty ? nil : .map(parts)
    }

    private static func touches(_ text: String) -> Bool {
        // A pattern touches all that stands where it begins.
        (try? DottedPath(text)).map { Schema.needsTrust($0.keys.prefix { $0 != "*" }) } ?? true
    }
}
