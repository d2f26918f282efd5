public import OrderedCollections
public import Tree

/// The computed definition of a machine.
public struct Computed: Sendable {
    public let path: Path
    /// The fusion with references resolved.
    public let definition: Map
    /// The same with the origin of each value, references unresolved.
    public let fields: Fused.Fields
    /// What `unset` took away on the way.
    public let removals: [Removal]
    /// The name by which tools know the machine.
    public let certname: String
    /// The newest revision among the layers that made it.
    public let revision: Int
    /// What is wrong with it; a machine with problems is not served.
    public let problems: [Problem]

    /// The value at a key, with its origin.
    public func origin(of key: DottedPath) -> Fused? {
        Fused.find(key, in: fields)
    }
}

extension Inheritance {
    /// The computed definition of the descriptor in this folder that `local` is the definition of.
    public func compute(_ local: Layer) -> Computed {
        let fusion = fusion.entering(local)
        let path = local.source.path
        var resolution = Resolution(path: path, fields: fusion.fields)
        let definition = resolution.definition()
        let certname = resolution.certname()
        // What could not be resolved is missing from the definition: checking it would tell the same twice.
        let unfit = resolution.problems.isEmpty ? Schema.problems(inComputed: definition) : []
        let problems =
            fusion.problems.map { Problem(path: path, key: $0.key, layer: $0.layer, $0.message) } + resolution.problems
            + unfit.map { problem in
                let origin = problem.key.flatMap { Fused.nearest($0, in: fusion.fields) }
                return Problem(path: path, key: problem.key, layer: origin?.layer.source, problem.message)
            }
        return Computed(
            path: path, definition: definition, fields: fusion.fields, removals: fusion.removals, certname: certname,
            revision: fusion.revision, problems: problems)
    }
}

extension Fused {
    static func find(_ key: DottedPath, in fields: Fields) -> Fused? {
        guard let first = key.keys.first, let field = fields[first] else { return nil }
        return field[key.keys.dropFirst()]
    }

    /// The value at a key, or the innermost one around it, such as the list that holds an element.
    static func nearest(_ key: DottedPath, in fields: Fields) -> Fused? {
        guard let first = key.keys.first, var field = fields[first] else { return nil }
        for key in key.keys.dropFirst() {
            guard let inner = field[[key]] else { break }
            field = inner
        }
        return field
    }
}
