import OrderedCollections
import Tree

extension ApplyRequest {
    /// How many entries came to be, changed and went, with the folders that were made for what stands in them; and what the
    /// directory does not have that the tree has by the work of others.
    ///
    /// - Parameter isSeen: whether a place may be told of.
    func answer(_ written: Writer.Written, _ isSeen: (Path) -> Bool) -> Map {
        let (before, after) = (written.before.tree, written.after.tree)
        var created: Set<Path> = []
        var (changed, unchanged, removed) = (0, 0, 0)
        for item in entries {
            let (old, new) = (before[item.path]?.entry.layer, after[item.path]?.entry.layer)
            if let old, let new, old !== new { changed += 1 } else if old === new { unchanged += 1 }
            var place: Path? = item.path
            while let path = place, before[path] == nil, after[path] != nil, created.insert(path).inserted {
                place = path.parent
            }
        }
        if prunes { before[root]?.walk { if after[$0.entry.path] == nil { removed += 1 } } }
        var map: Map = [
            "revision": .integer(written.after.revision), "entries": .integer(entries.count),
            "created": .integer(created.count), "changed": .integer(changed), "unchanged": .integer(unchanged),
            "removed": .integer(removed),
        ]
        if let base { map["merged"] = .list(merged(since: base, before, after, isSeen)) }
        return map
    }

    /// The entries that others changed, made or deleted since `base`, as they are now, where the request has them
    /// otherwise.
    private func merged(since base: Base, _ before: Hierarchy, _ after: Hierarchy, _ isSeen: (Path) -> Bool) -> [Value]
    {
        let ours = Dictionary(uniqueKeysWithValues: entries.map { ($0.path, $0) })
        var theirs: Set<Path> = []
        before[root]?.walk { node in
            let old = base.entries[node.entry.path]
            guard old?.definition != node.entry.definition || old?.kind != node.entry.kind else { return }
            theirs.insert(node.entry.path)
        }
        theirs.formUnion(base.entries.keys.filter { before[$0] == nil })
        return theirs.filter(isSeen).sorted().compactMap { path in
            guard let entry = after[path]?.entry else {
                return ours[path].map {
                    ["path": .string("\(path)"), "kind": .string($0.kind.rawValue), "removed": true]
                }
            }
            guard ours[path]?.definition != entry.definition || ours[path]?.kind != entry.kind else { return nil }
            return [
                "path": .string("\(path)"), "kind": .string(entry.kind.rawValue), "definition": .map(entry.definition),
            ]
        }
    }
}
