public import OrderedCollections

/// What two sides made of one definition, put together key by key.
///
/// A key that one side left as it was is what the other made of it, two equal changes are one, and two different ones
/// are a conflict. Lists are single values. The laws: a side that changed nothing adds nothing; the sides can be
/// exchanged, but for the order of keys; without conflicts, the differences from the base are those of both sides.
public struct Merge: Hashable, Sendable {
    /// The definition that both make; where they conflict, it says what `ours` has.
    public let definition: Map
    /// The keys that both changed, each to something else; a side is nil where it removed the key.
    public let conflicts: [Conflict]

    /// A key that cannot be as both sides have it.
    public struct Conflict: Hashable, Sendable {
        public let key: DottedPath
        public let base: Value?
        public let theirs: Value?
        public let ours: Value?

        public init(key: DottedPath, base: Value?, theirs: Value?, ours: Value?) {
            self.key = key
            self.base = base
            self.theirs = theirs
            self.ours = ours
        }
    }

    public init(base: Map, theirs: Map, ours: Map) {
        var conflicts: [Conflict] = []
        definition = Merge.merge(.map(base), .map(theirs), .map(ours), at: [], &conflicts)?.map ?? [:]
        self.conflicts = conflicts
    }

    private static func merge(
        _ base: Value?, _ theirs: Value?, _ ours: Value?, at key: DottedPath, _ conflicts: inout [Conflict]
    ) -> Value? {
        if theirs == ours || theirs == base { return ours }
        if ours == base { return theirs }
        guard let baseMap = map(base), let theirMap = map(theirs), let ourMap = map(ours) else {
            conflicts.append(Conflict(key: key, base: base, theirs: theirs, ours: ours))
            return ours
        }
        let merged = maps(baseMap, theirMap, ourMap, at: key, &conflicts)
        // A map that a side took away goes with its last key.
        return merged.isEmpty && (theirs == nil || ours == nil) ? nil : .map(merged)
    }

    /// What is not there counts as a map without keys; nil for what is there and no map.
    private static func map(_ value: Value?) -> Map? {
        value.map(\.map) ?? [:]
    }

    private static func maps(
        _ base: Map, _ theirs: Map, _ ours: Map, at key: DottedPath, _ conflicts: inout [Conflict]
    ) -> Map {
        var merged: Map = [:]
        for name in order(base, theirs, ours) {
            merged[name] = merge(base[name], theirs[name], ours[name], at: key + name, &conflicts)
        }
        return merged
    }

    /// All keys, in the order of the side that put them in another one than the base; ours if both did. A key of the
    /// other side stands after the one that it follows there.
    private static func order(_ base: Map, _ theirs: Map, _ ours: Map) -> OrderedSet<Key> {
        let kept = { (side: Map) in base.keys.filter(side.keys.contains) == side.keys.filter(base.keys.contains) }
        let (leader, other) = kept(ours) ? (theirs, ours) : (ours, theirs)
        var names = leader.keys
        var previous: Key?
        for name in other.keys {
            if !names.contains(name) {
                let place = previous.flatMap { names.firstIndex(of: $0) }.map { $0 + 1 } ?? 0
                names.insert(name, at: place)
            }
            previous = name
        }
        return names
    }
}
