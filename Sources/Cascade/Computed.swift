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
    /// How many bytes references brought in.
    let weight: Int
    /// What the values were fused of; nil of nothing.
    let root: Fused?
    /// The keys that layers took away or told to be fused otherwise.
    let steered: [(key: DottedPath, by: Layer)]

    /// The most characters that a certname has: those of a DNS name (RFC 1035 §2.3.4).
    static let longestCertname = 255

    /// The value at a key, with its origin.
    public func origin(of key: DottedPath) -> Fused? {
        key.keys.first.flatMap { fields[$0]?[key.keys.dropFirst()] }
    }
}

extension Inheritance {
    /// The computed definition of the descriptor in this folder that `local` is the definition of.
    public func compute(_ local: Layer) -> Computed {
        compute(Ply(local))
    }

    func compute(_ local: Ply) -> Computed {
        computed(fusion.entering(local), at: local.layer.source.path)
    }

    /// - Parameter fusion: of what this folder hands down with a descriptor's own layers.
    func computed(_ fusion: Fusion, at path: Path) -> Computed {
        var resolution = Resolution(path: path, root: fusion.definition)
        let definition = resolution.definition()
        let certname = resolution.certname()
        let unfused = fusion.problems.map { $0.of(path) }
        // How a reference is written is judged as a layer's and told once more where it is resolved.
        let told = Set(resolution.problems)
        let misfits = fusion.misfits(in: definition)
            .map { $0.of(path) }
            .filter { !told.contains($0) }
        let unresolved = resolution.problems
        let presumptions = unresolved.isEmpty ? fusion.presumptions(at: path) : []
        return Computed(
            path: path, definition: definition, fields: fusion.fields, removals: fusion.removals, certname: certname,
            revision: fusion.revision,
            problems: unfused + unresolved + presumptions + misfits + tooLong(certname, at: path),
            weight: resolution.weight, root: fusion.definition, steered: fusion.steered)
    }

    /// A name made of the path may be too long; one that was set is checked as it is written.
    private func tooLong(_ certname: String, at path: Path) -> [Problem] {
        let (count, most) = (certname.utf8.count, Computed.longestCertname)
        guard count > most else { return [] }
        let message = "the name made of the path has \(count) characters; expected at most \(most): set certname"
        return [Problem(path: path, key: ["certname"], message)]
    }
}
