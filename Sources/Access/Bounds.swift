public import Tree

/// What a token narrows its owner's rights to. What is nil is not narrowed.
public struct Bounds: Hashable, Sendable {
    /// Only at this folder and below.
    public var folder: Path?
    /// Only these rights.
    public var rights: Set<Right>?
    /// Only the machine that tools know by this name.
    public var certname: String?

    public init(folder: Path? = nil, rights: Set<Right>? = nil, certname: String? = nil) {
        self.folder = folder
        self.rights = rights
        self.certname = certname
    }

    /// Narrows nothing.
    public static let none = Bounds()
}
