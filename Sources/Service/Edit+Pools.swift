import OrderedCollections
import Store
import Tree

extension Edit {
    /// Refuses an image in a pool whose name is written nowhere from its place upward, nor below: folders may each say what
    /// a pool is that an image above them names.
    func refuseLostPools() throws(ServiceError) {
        var problems: [Problem] = []
        for (path, new) in newTexts({ $0.literals("pool", of: "images") }) {
            guard let pools = pools(around: path) else { continue }
            for (key, pool) in new where !pools.contains(pool) {
                let there = pools.isEmpty ? "there are none" : "there are \(pools.sorted().joined(separator: ", "))"
                problems.append(Problem(path: path, key: key, "no pool is named \"\(pool)\" here; \(there)"))
            }
        }
        guard problems.isEmpty else { throw .invalid(problems) }
    }

    /// The names of pools that are written at a place, above it or below it; nil if one is not written as a map, and what it
    /// comes to may be anything.
    private func pools(around path: Path) -> Set<String>? {
        var names: Set<String> = []
        var isKnown = true
        func take(_ definition: Map) {
            for pools in [definition["pools"]] + (definition["prototypes"]?.map ?? [:]).values.map({ $0.map?["pools"] })
            {
                switch pools {
                case .map(let map)?: names.formUnion(map.keys.map(\.text))
                case nil: break
                case .some: isKnown = false
                }
            }
        }
        for place in sequence(first: path, next: { $0.parent }).dropFirst() {
            if let entry = tree[place]?.entry { take(entry.definition) }
        }
        tree[path]?.walk { take($0.entry.definition) }
        return isKnown ? names : nil
    }
}
