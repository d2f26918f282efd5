import OrderedCollections

/// A value that is not the same in two definitions.
public struct Difference: Hashable, Sendable {
    public let key: DottedPath
    /// Nil if it was not there.
    public let before: Value?
    /// Nil if it is no more.
    public let after: Value?
    /// Whether a map's keys stand in another order: then both values are the lists of its keys.
    public let isOrder: Bool

    public init(key: DottedPath, before: Value?, after: Value?, isOrder: Bool = false) {
        self.key = key
        self.before = before
        self.after = after
        self.isOrder = isOrder
    }

    /// The differences between two definitions, value by value; maps are compared key by key.
    ///
    /// - Parameters:
    ///   - isReplayable: whether a map that is emptied, but stays, is a difference as a whole. Then the differences, made
    ///     in order, with a map going when its last key does, make of the one what the other is.
    ///   - depth: how many keys lie above the maps in which another order of the keys that both have is a difference as
    ///     well, at the least; nil: in none.
    public static func between(
        _ before: Value?, _ after: Value?, at key: DottedPath = [], isReplayable: Bool = false,
        orderFrom depth: Int? = nil
    ) -> [Difference] {
        guard before != after else { return [] }
        let (left, right) = (before?.map, after?.map)
        let isEmptied = isReplayable && !key.keys.isEmpty && right?.isEmpty ?? false
        guard left != nil || before == nil, right != nil || after == nil, !isEmptied,
            (left ?? [:]).count + (right ?? [:]).count > 0
        else { return [Difference(key: key, before: before, after: after)] }
        let names = OrderedSet((left ?? [:]).keys).union((right ?? [:]).keys)
        let differences = names.flatMap {
            between(left?[$0], right?[$0], at: key + $0, isReplayable: isReplayable, orderFrom: depth)
        }
        guard let depth, key.keys.count >= depth, let left, let right, !left.hasOrder(of: right) else {
            return differences
        }
        return differences + [Difference(key: key, before: left.names, after: right.names, isOrder: true)]
    }
}

extension Difference {
    /// How many keys lead to a value of a machine's definition, such as a variable or a disk. These are looked up by name, so
    /// that their order says nothing; the order within a variable does: templates write files in it.
    public static let depthOfValues = 2
}

extension Map {
    /// Whether the keys that both maps have stand in one order.
    fileprivate func hasOrder(of other: Map) -> Bool {
        keys == other.keys || keys.filter(other.keys.contains) == other.keys.filter(keys.contains)
    }

    fileprivate var names: Value { .list(keys.map { .string($0.text) }) }
}

extension Difference {
    /// The difference as documents tell it.
    public var document: Value {
        var map: Map = ["key": .string("\(key)")]
        if isOrder { map["order"] = true }
        map["before"] = before
        map["after"] = after
        return .map(map)
    }
}
