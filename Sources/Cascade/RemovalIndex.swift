import OrderedCollections
import Tree

/// Removals by the key that they took away, so that those of one key are found without a look at all others.
struct RemovalIndex {
    private let removals: [Removal]
    /// The places in `removals` of those of each key.
    private let places: OrderedDictionary<DottedPath, [Int]>

    init(_ removals: [Removal]) {
        self.removals = removals
        places = OrderedDictionary(grouping: removals.indices) { removals[$0].key }
    }

    /// The keys that were taken away, each once.
    var keys: OrderedSet<DottedPath> { places.keys }

    /// What took away a key, or what is around it; the nearest first.
    func removals(of key: DottedPath) -> [Removal] {
        guard !places.isEmpty else { return [] }
        let around = (0...key.keys.count).flatMap { depth in
            (places[DottedPath(keys: Array(key.keys.prefix(depth)))] ?? []).filter { place in
                removals[place].removed[key.keys.dropFirst(depth)] != nil
            }
        }
        return around.sorted(by: >).map { removals[$0] }
    }
}
