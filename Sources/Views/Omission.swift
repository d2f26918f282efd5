import OrderedCollections
public import Tree

/// Something of a definition that a view leaves out or puts elsewhere, because its tool could not take it.
public struct Omission: Sendable, Hashable {
    /// Where it stands in the definition.
    public let key: DottedPath
    /// What became of it, and why.
    public let reason: String

    init(_ key: DottedPath, _ reason: String) {
        self.key = key
        self.reason = reason
    }
}
