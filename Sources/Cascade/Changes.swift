import OrderedCollections
import Synchronization
public import Tree

/// What folders hand down otherwise than before. What lies above several of them is looked at once.
public final class Changes: Sendable {
    private struct Pair: Hashable {
        let new: ObjectIdentifier
        let old: ObjectIdentifier
    }

    /// What is known of folders above others; both of a pair are held, so that their identities do not pass to others.
    private let known = Mutex<[Pair: (names: [Key]?, new: Inheritance, old: Inheritance)]>([:])

    public init() {}

    /// The keys of `vars` whose values are all that a folder hands down otherwise than before; nil if there may be more to
    /// it: another key, another order, a value that holds a reference, a prototype, a strategy, something wrong.
    ///
    /// Of a machine that takes these from the folder as they are, and whose references do not lead to them, nothing else
    /// is changed but its revision.
    public func variables(of new: Inheritance, since old: Inheritance) -> [Key]? {
        if new === old { return [] }
        guard new.common === old.common, let above = new.above, let formerly = old.above else {
            return new.changedVariables(since: old)
        }
        // The same layer makes the same of what is the same above it.
        return remembered(above, since: formerly)?.filter { !new.hands($0, downAs: old) }
    }

    private func remembered(_ new: Inheritance, since old: Inheritance) -> [Key]? {
        let pair = Pair(new: ObjectIdentifier(new), old: ObjectIdentifier(old))
        if let (names, _, _) = known.withLock({ $0[pair] }) { return names }
        let names = variables(of: new, since: old)
        known.withLock { $0[pair] = (names, new, old) }
        return names
    }
}

extension Inheritance {
    fileprivate func changedVariables(since other: Inheritance) -> [Key]? {
        guard isSound, other.isSound, fusion.strategies == other.fusion.strategies,
            fusion.hasPrototypes(as: other.fusion), fields.keys == other.fields.keys
        else { return nil }
        var changed: [Key] = []
        for (place, (new, old)) in zip(fields.values, other.fields.values).enumerated() where !new.isLike(old) {
            guard fields.keys[place] == Schema.free, let now = new.fields, let then = old.fields, now.keys == then.keys
            else { return nil }
            for (name, pair) in zip(now.keys, zip(now.values, then.values)) where !pair.0.isLike(pair.1) {
                guard !pair.0.holdsReference, !pair.1.holdsReference else { return nil }
                changed.append(name)
            }
        }
        return changed
    }

    private var isSound: Bool { fusion.problems.isEmpty && fusion.misfits.isEmpty }

    /// Whether a variable is handed down as another hands it down.
    fileprivate func hands(_ name: Key, downAs other: Inheritance) -> Bool {
        switch (variables[name], other.variables[name]) {
        case (let one?, let another?): one.isLike(another)
        case (nil, nil): true
        default: false
        }
    }
}

extension Fusion {
    /// Whether who names prototypes gets the same by another.
    fileprivate func hasPrototypes(as other: Fusion) -> Bool {
        prototypes.count == other.prototypes.count
            && prototypes.allSatisfy { name, plies in
                guard let others = other.prototypes[name], others.count == plies.count else { return false }
                return zip(plies, others).allSatisfy {
                    $0.layer.says(theSameAs: $1.layer) && $0.layer.depth == $1.layer.depth
                }
            }
    }
}

extension Fused {
    /// Whether nearer values make the same of another, to the byte, and tools are told the same of both.
    fileprivate func isLike(_ other: Fused) -> Bool {
        if self === other { return true }
        switch (content, other.content) {
        case (.leaf(let one), .leaf(let another)):
            return strategy == other.strategy && one == another && depth == other.depth
        case (.map(let fields), .map(let others)):
            return fields.count == others.count
                && zip(fields.elements, others.elements).allSatisfy {
                    $0.key == $1.key && $0.value.isLike($1.value)
                }
        case (.leaf, .map), (.map, .leaf):
            return false
        }
    }
}

extension Fused {
    /// How far from the root the nearest level is that has a part in a leaf.
    private var depth: Int { layers.reduce(0) { max($0, $1.depth) } }
}
