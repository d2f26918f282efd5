import OrderedCollections
import Store
import Tree

extension Edit {
    /// Refuses an image in a pool whose name is written nowhere from its place upward, nor below: folders may each say what
    /// a pool is that an image above them names.
    func refuseLostPools() throws(ServiceError) {
        var problems: [Problem] = []
        for case .set(let id, _, let path, let definition) in changes.values {
            let named = definition.poolsOfImages
            guard !named.isEmpty else { continue }
            let known = before.tree[path]?.entry
            let old = Set((known?.id == id ? known?.definition.poolsOfImages ?? [] : []).map(\.pool))
            let new = named.filter { !old.contains($0.pool) }
            guard !new.isEmpty, let pools = pools(around: path) else { continue }
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

extension Map {
    /// The names of pools that its images, and those of its prototypes, say literally.
    fileprivate var poolsOfImages: [(key: DottedPath, pool: String)] {
        var found: [(key: DottedPath, pool: String)] = []
        for (name, image) in self["images"]?.map ?? [:] {
            guard let pool = image.map?["pool"]?.string, !pool.contains("${{") else { continue }
            found.append((["images", name, "pool"], pool))
        }
        for (name, prototype) in self["prototypes"]?.map ?? [:] {
            for (key, pool) in prototype.map?.poolsOfImages ?? [] {
                found.append((DottedPath(keys: ["prototypes", name] + key.keys), pool))
            }
        }
        return found
    }
}
