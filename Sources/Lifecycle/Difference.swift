public import OrderedCollections
public import Tree

/// A place where two descriptions of a machine do not agree.
public struct Difference: Hashable, Sendable {
    public let key: DottedPath
    /// What the first of them says; nil: nothing.
    public let old: Value?
    /// What the second of them says; nil: nothing.
    public let new: Value?

    /// Where two maps differ, as deep as both are maps.
    public static func between(_ old: Map, _ new: Map) -> [Difference] {
        between(.map(old), .map(new), at: [])
    }

    private static func between(_ old: Value?, _ new: Value?, at key: DottedPath) -> [Difference] {
        if old == new { return [] }
        guard case .map(let left) = old, case .map(let right) = new else {
            return [Difference(key: key, old: old, new: new)]
        }
        return OrderedSet(left.keys).union(right.keys).flatMap { between(left[$0], right[$0], at: key + $0) }
    }
}
