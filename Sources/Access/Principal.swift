public import Tree

/// Who asks.
public struct Principal: Hashable, Sendable {
    public let name: String
    /// Whether everything is allowed to it, server-wide.
    public let isSuperuser: Bool

    public init(name: String, isSuperuser: Bool) {
        self.name = name
        self.isSuperuser = isSuperuser
    }

    /// Whether it may do something at a place of the tree.
    ///
    /// Rights come from being superuser only; whoever is not has none anywhere.
    public func may(_ right: Right, at path: Path) -> Bool {
        isSuperuser
    }
}
