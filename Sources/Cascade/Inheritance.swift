public import OrderedCollections
public import Tree

/// What a folder hands down: the fusion of all commons from the root to it.
///
/// A class, because one serves all that is below, and because its identity tells whether what was made of it is still
/// current.
public final class Inheritance: Sendable {
    /// The folder.
    public let path: Path
    /// The fused definition, references unresolved.
    public var fields: Fused.Fields { fusion.fields }
    /// What `unset` took away on the way down.
    public var removals: [Removal] { fusion.removals }
    /// The newest revision among the commons.
    public var revision: Int { fusion.revision }
    /// How many bytes the commons take, about.
    public var size: Int { fusion.size }
    /// What was wrong on the way down.
    public var problems: [Problem] { fusion.problems + presumptions }

    /// What the folder that this one is in hands down; nil for the root.
    let above: Inheritance?

    let fusion: Fusion
    /// The folder's own definition.
    let common: Layer

    /// What the root hands down.
    public convenience init(root: Layer) {
        self.init(Fusion().entering(Ply(root)), of: root, below: nil)
    }

    private init(_ fusion: Fusion, of common: Layer, below above: Inheritance?) {
        path = common.source.path
        self.fusion = fusion
        self.common = common
        self.above = above
    }

    /// What a folder below this one hands down.
    public func entering(_ common: Layer) -> Inheritance {
        Inheritance(fusion.entering(Ply(common)), of: common, below: self)
    }

    /// The folder as it stands in a tree; nil if what it hands down there is something else, or it is not there.
    public func folder(in tree: Hierarchy) -> Node? {
        let node = above.map { $0.folder(in: tree)?[path.name] } ?? tree.root
        return node?.entry.layer === common ? node : nil
    }

    /// Whether a map that is written at a top-level key replaces the one from above, and is not fused with it.
    public func replaces(_ key: Key) -> Bool { fusion.strategies[key]?.here == .replace }

    /// What this folder hands down to those in it that name prototypes; nil if something is wrong with the names.
    func applying(_ names: Value) -> Inheritance? {
        fusion.applying(names).map { Inheritance($0, of: common, below: above) }
    }
}
