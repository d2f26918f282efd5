import OrderedCollections

/// A value that is not the same in two definitions.
public struct Difference: Hashable, Sendable {
    public let key: DottedPath
    /// Nil if it was not there.
    public let before: Value?
    /// Nil if it is no more.
    public let after: Value?

    public init(key: DottedPath, before: Value?, after: Value?) {
        self.key = key
        self.before = before
        self.after = after
    }

    /// What is not the same, value by value; maps are compared key by key, whatever the order of their keys.
    ///
    /// - Parameter isReplayable: whether a map that is emptied, but stays, is a difference as a whole. Then the
    ///   differences, made in order, with a map going when its last key does, make of the one what the other is.
    public static func between(
        _ before: Value?, _ after: Value?, at key: DottedPath = [], isReplayable: Bool = false
    ) -> [Difference] {
        guard before != after else { return [] }
        let (left, right) = (before?.map, after?.map)
        let isEmptied = isReplayable && !key.keys.isEmpty && right?.isEmpty ?? false
        guard left != nil || before == nil, right != nil || after == nil, !isEmptied,
            (left ?? [:]).count + (right ?? [:]).count > 0
        else { return [Difference(key: key, before: before, after: after)] }
        let names = OrderedSet((left ?? [:]).keys).union((right ?? [:]).keys)
        return names.flatMap { between(left?[$0], right?[$0], at: key + $0, isReplayable: isReplayable) }
    }
}
