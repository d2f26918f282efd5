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
    /// What was wrong on the way down.
    public var problems: [Problem] { fusion.problems }

    let fusion: Fusion

    /// What the root hands down.
    public convenience init(root: Layer) {
        self.init(at: root.source.path, Fusion().entering(root))
    }

    private init(at path: Path, _ fusion: Fusion) {
        self.path = path
        self.fusion = fusion
    }

    /// What a folder below this one hands down.
    public func entering(_ common: Layer) -> Inheritance {
        Inheritance(at: common.source.path, fusion.entering(common))
    }

    /// What this folder hands down to those in it that name prototypes; nil if something is wrong with the names.
    func applying(_ names: Value) -> Inheritance? {
        fusion.applying(names).map { Inheritance(at: path, $0) }
    }
}
