import Access
import OrderedCollections
import Store
import Tree

extension Plan {
    /// The plan as people and programs see it.
    ///
    /// - Parameter limit: how many entries, and how many groups of each kind, are told; the rest are counted.
    func document(limit: Int) -> Map {
        let sees = trial.edit.standing.sees
        var left: Map = [:]
        func groups<Kind>(_ grouping: Grouping<Kind>, _ name: String) -> Value {
            let (groups, rest) = grouping.document(limit: limit)
            if rest > 0 { left[name] = .integer(rest) }
            return groups
        }
        let earlier = trial.edit.origins
        if changes.count > limit { left["changes"] = .integer(changes.count - limit) }
        var document: Map = [
            "id": .string("\(id)"), "revision": .integer(id.revision), "valid": .bool(isValid),
            "counts": [
                "entries": .integer(changes.count), "reached": .integer(reached), "affected": .integer(affected.count),
                "renamed": .integer(renamed.count), "pending": .integer(pending.count),
                "settled": .integer(settled.count), "broken": .integer(broken.count), "mended": .integer(mended.count),
            ],
            "changes": .list(changes.prefix(limit).map { RevisionDocument.document($0, earlier[$0.id], sees) }),
            "affected": groups(affected, "affected"), "renamed": groups(renamed, "renamed"),
            "pending": groups(pending, "pending"), "settled": groups(settled, "settled"),
            "problems": groups(broken, "problems"), "mended": groups(mended, "mended"),
        ]
        if !folders.isEmpty { document["folders"] = .list(folders.prefix(limit).map { .map($0.document) }) }
        if folders.count > limit { left["folders"] = .integer(folders.count - limit) }
        if !left.isEmpty { document["left"] = .map(left) }
        return document
    }
}
