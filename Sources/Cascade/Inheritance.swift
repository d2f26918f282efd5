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
    /// The fields that hold no reference: where they are unchanged below, so is what the schema says of them.
    private let settled: Fused.Fields
    /// What the schema says of the settled fields.
    private let unfit: [Problem]

    /// What the root hands down.
    public convenience init(root: Layer) {
        self.init(above: nil, root)
    }

    private init(above: Inheritance?, _ common: Layer) {
        path = common.source.path
        fusion = (above?.fusion ?? Fusion()).entering(common)
        settled = fusion.fields.filter { !$0.value.holdsReference }
        let definition = settled.mapValues(\.value)
        unfit = above?.unfit(definition, of: settled) ?? Schema.problems(inComputed: definition)
    }

    /// What a folder below this one hands down.
    public func entering(_ common: Layer) -> Inheritance {
        Inheritance(above: self, common)
    }

    /// What the schema says of a definition that was computed from fields which this folder and layers below it gave.
    func unfit(_ definition: Map, of fields: Fused.Fields) -> [Problem] {
        var changed: Map = [:]
        for (name, field) in fields where field !== settled[name] { changed[name] = definition[name] }
        let unchanged = unfit.filter { problem in
            guard let name = problem.key?.keys.first, let field = fields[name] else { return false }
            return field === settled[name]
        }
        return unchanged + Schema.problems(inComputed: changed)
    }
}
