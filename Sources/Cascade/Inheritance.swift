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
    /// What was wrong on the way down.
    public var problems: [Problem] { fusion.problems }

    let fusion: Fusion

    /// What the root hands down.
    public convenience init(root: Layer) {
        self.init(path: .root, fusion: Fusion().entering(root))
    }

    private init(path: Path, fusion: Fusion) {
        self.path = path
        self.fusion = fusion
    }

    /// What a folder below this one hands down.
    public func entering(_ common: Layer) -> Inheritance {
        Inheritance(path: common.source.path, fusion: fusion.entering(common))
    }
}
