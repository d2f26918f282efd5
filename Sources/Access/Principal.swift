public import Tree

/// Who asks.
public struct Principal: Hashable, Sendable {
    public let name: String
    public let authority: Authority
    public let bounds: Bounds

    public init(name: String, _ authority: Authority, bounds: Bounds = .none) {
        self.name = name
        self.authority = authority
        self.bounds = bounds
    }

    /// Whether everything is allowed to it, server-wide.
    public var isSuperuser: Bool { authority == .superuser && bounds == .none }

    /// Whether it may do something at a place of the tree.
    ///
    /// Rights come from being superuser only; whoever is not has none anywhere.
    public func may(_ right: Right, at path: Path) -> Bool {
        isSuperuser
    }
}
