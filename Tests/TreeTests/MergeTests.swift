import OrderedCollections
import TestSupport
import Testing
import Tree

@Suite("The merge of two changes of one definition")
struct MergeTests {
    @Test("takes what one side changed, at any depth, and what both changed alike")
    func sides() {
        let base: Map = ["vars": ["a": 1, "b": 2, "m": ["x": 1, "y": 1]], "note": "n"]
        let theirs: Map = ["vars": ["a": 9, "b": 2, "m": ["x": 1, "y": 2, "z": 3], "both": true], "note": "n"]
        let ours: Map = ["vars": ["a": 1, "m": ["x": 5, "y": 1], "both": true, "new": [1]]]
        let merge = Merge(base: base, theirs: theirs, ours: ours)
        #expect(merge.conflicts == [])
        #expect(merge.definition == ["vars": ["a": 9, "m": ["x": 5, "y": 2, "z": 3], "both": true, "new": [1]]])
    }

    @Test("lists the keys that contradict, one by one, and keeps ours there")
    func conflicts() {
        let base: Map = ["vars": ["a": 1, "b": 1, "c": ["x": 1], "l": [1], "gone": 1]]
        let theirs: Map = ["vars": ["a": 2, "c": "text", "l": [1, 2], "new": 1, "gone": 2]]
        let ours: Map = ["vars": ["a": 3, "b": 2, "c": ["x": 2], "l": [0, 1], "new": 1.0]]
        let merge = Merge(base: base, theirs: theirs, ours: ours)
        #expect(
            merge.conflicts == [
                .init(key: ["vars", "a"], base: 1, theirs: 2, ours: 3),
                .init(key: ["vars", "b"], base: 1, theirs: nil, ours: 2),
                .init(key: ["vars", "c"], base: ["x": 1], theirs: "text", ours: ["x": 2]),
                .init(key: ["vars", "l"], base: [1], theirs: [1, 2], ours: [0, 1]),
                .init(key: ["vars", "new"], base: nil, theirs: 1, ours: 1.0),
                .init(key: ["vars", "gone"], base: 1, theirs: 2, ours: nil),
            ])
        #expect(merge.definition == ours)
    }

    @Test("a map that one side took away goes, but for what the other changed in it")
    func maps() {
        let base: Map = ["m": ["a": 1, "b": ["c": 1]]]
        #expect(Merge(base: base, theirs: [:], ours: ["m": ["b": ["c": 1]]]).definition == [:])
        let merge = Merge(base: base, theirs: [:], ours: ["m": ["a": 1, "b": ["c": 2]]])
        #expect(merge.conflicts == [.init(key: ["m", "b", "c"], base: 1, theirs: nil, ours: 2)])
        #expect(Merge(base: base, theirs: ["m": [:]], ours: ["m": ["a": 1]]).definition == ["m": [:]])
    }

    @Test("keeps the order of the side that changed it, and puts new keys after what they follow")
    func order() {
        let base: Map = ["a": 1, "b": 1, "c": 1]
        let merge = Merge(
            base: base, theirs: ["c": 1, "a": 1, "t": 1, "b": 1], ours: ["o": 1, "a": 2, "b": 1, "c": 1])
        #expect(Array(merge.definition.keys) == ["o", "c", "a", "t", "b"])
        let both = Merge(base: base, theirs: ["b": 1, "a": 1, "c": 2], ours: ["c": 1, "b": 1, "a": 1])
        #expect(Array(both.definition.keys) == ["c", "b", "a"])
    }

    @Test("a side that changed nothing adds nothing, byte by byte; what both made alike stays")
    func identity() {
        var seed = Seeded()
        for _ in 0..<2_000 {
            let (base, side) = (seed.map(), seed.map())
            for merge in [
                Merge(base: base, theirs: base, ours: side), Merge(base: base, theirs: side, ours: base),
                Merge(base: base, theirs: side, ours: side),
            ] {
                #expect(merge.definition == side, "\(seed)")
                #expect(merge.conflicts == [], "\(seed)")
            }
        }
    }

    @Test("the sides can be exchanged: the same definition but for its order, the same conflicts")
    func symmetry() {
        var (seed, clean) = (Seeded(), 0)
        for _ in 0..<2_000 {
            let base = seed.map()
            let (theirs, ours) = (seed.changed(base), seed.changed(base))
            let merge = Merge(base: base, theirs: theirs, ours: ours)
            let other = Merge(base: base, theirs: ours, ours: theirs)
            let exchanged = other.conflicts.map {
                Merge.Conflict(key: $0.key, base: $0.base, theirs: $0.ours, ours: $0.theirs)
            }
            #expect(Set(merge.conflicts) == Set(exchanged), "\(seed)")
            guard merge.conflicts.isEmpty else { continue }
            clean += 1
            #expect(Difference.between(.map(merge.definition), .map(other.definition)) == [], "\(seed)")
        }
        #expect(clean > 200, "\(seed)")
    }

    @Test("without conflicts it differs from the base by what either side does; a conflict is where both do")
    func union() {
        var seed = Seeded()
        for _ in 0..<2_000 {
            let base = seed.map()
            let (theirs, ours) = (seed.changed(base), seed.changed(base))
            let merge = Merge(base: base, theirs: theirs, ours: ours)
            let (left, right) = (leaves(base, theirs), leaves(base, ours))
            for conflict in merge.conflicts {
                let within = { (key: DottedPath) in key.keys.starts(with: conflict.key.keys) }
                #expect(left.keys.contains(where: within) && right.keys.contains(where: within), "\(seed)")
                #expect(conflict.theirs != conflict.ours && conflict.base != conflict.ours, "\(seed)")
            }
            guard merge.conflicts.isEmpty else { continue }
            #expect(leaves(base, merge.definition) == left.merging(right) { $1 }, "\(seed)")
        }
    }

    /// What differs, key by key; maps without keys are nothing, as a map may lose its last key on both sides.
    private func leaves(_ base: Map, _ side: Map) -> [DottedPath: Tree.Value?] {
        let (before, after) = (leaves(base), leaves(side))
        let keys = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
        return Dictionary(uniqueKeysWithValues: keys.map { ($0, after[$0]) })
    }

    private func leaves(_ map: Map, at place: DottedPath = []) -> [DottedPath: Tree.Value] {
        map.reduce(into: [:]) { all, item in
            let key = place + item.key
            guard case .map(let inner) = item.value else { return all[key] = item.value }
            all.merge(leaves(inner, at: key)) { $1 }
        }
    }
}

extension Seeded {
    /// A map of few keys, so that sides meet; none of its maps is empty.
    fileprivate mutating func map(depth: Int = 3) -> Map {
        var map: Map = [:]
        for _ in 0..<Int.random(in: 1...4, using: &self) { map[pick(["a", "b", "c", "d"])] = value(depth: depth) }
        return map
    }

    private mutating func value(depth: Int) -> Tree.Value {
        if depth > 0, chance(50) { return .map(map(depth: depth - 1)) }
        return chance(20)
            ? [.integer(Int.random(in: 0..<2, using: &self))] : .integer(Int.random(in: 0..<3, using: &self))
    }

    /// The map after a few changes.
    fileprivate mutating func changed(_ map: Map, depth: Int = 3) -> Map {
        var changed = map
        for name in ["a", "b", "c", "d"] where chance(40) {
            if let inner = changed[name]?.map, chance(70) {
                let after = self.changed(inner, depth: depth - 1)
                changed[name] = after.isEmpty ? nil : .map(after)
            } else {
                changed[name] = chance(30) ? nil : value(depth: max(depth - 1, 0))
            }
        }
        return changed
    }
}
