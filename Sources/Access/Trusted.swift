public import OrderedCollections
public import Tree

extension Map {
    /// The part of a definition that needs `trust` to be written: what could run code elsewhere, or reach what is not
    /// one's own.
    ///
    /// That is what machines are made of and on, how Ansible connects, and what lets values through to tools that would
    /// run them; in prototypes too, and in what `merge` and `unset` do to them.
    public var trusted: Map {
        var trusted = filter { key, _ in Self.needsTrust([key]) }
        if let puppet = self["puppet"]?.map, let interpolate = puppet["interpolate"] {
            trusted["puppet"] = ["interpolate": interpolate]
        }
        if let merge = self["merge"]?.map?.filter({ Self.touches($0.key) }), !merge.isEmpty {
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

    private static func touches(_ text: String) -> Bool {
        guard let path = try? DottedPath(text) else { return true }
        return needsTrust(path.keys) || ["puppet", "interpolate"].starts(with: path.keys)
    }

    private static func needsTrust(_ keys: [String]) -> Bool {
        guard let key = keys.first else { return true }
        if keys.starts(with: ["puppet", "interpolate"]) { return true }
        return key == "ansible" || Schema.classes[key] == .supply && key != "prototypes"
    }
}
