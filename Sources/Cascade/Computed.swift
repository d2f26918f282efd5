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
    /// Whether all layers are in it: where a prototype is missing, so may be what it would say.
    public let isWhole: Bool
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

extension Computed {
    /// Whether nothing is wrong with what stands at a key.
    public func isSound(at key: DottedPath) -> Bool {
        !problems.contains { $0.key?.overlaps(key) ?? false }
    }

    /// Whether it is known what stands at a key, or that nothing does. It is not where that cannot be computed.
    public func isKnown(at key: DottedPath) -> Bool {
        guard !problems.isEmpty else { return true }
        guard isWhole else { return false }
        var (field, value) = (root, Optional(Value.map(definition)))
        for name in key.keys {
            // What a reference brings in is known, or is missing, as a whole.
            guard let fields = field?.fields else { break }
            // A key that could not be resolved may be this one.
            guard let inner = fields[name] else { return !fields.values.contains { $0.keyTemplate != nil } }
            (field, value) = (inner, value?.map?[name])
        }
        return value != nil || field == nil
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
        let presumptions = fusion.presumptions(at: path)
        return Computed(
            path: path, definition: definition, fields: fusion.fields, removals: fusion.removals, certname: certname,
            revision: fusion.revision,
            problems: unfused + resolution.problems + presumptions + misfits + tooLong(certname, at: path),
            isWhole: fusion.problems.isEmpty, weight: resolution.weight, root: fusion.definition,
            steered: fusion.steered)
    }

    /// A name made of the path may be too long; one that was set is checked as it is written.
    private func tooLong(_ certname: String, at path: Path) -> [Problem] {
        let (count, most) = (certname.utf8.count, Computed.longestCertname)
        guard count > most else { return [] }
        let message = "the name made of the path has \(count) characters; expected at most \(most): set certname"
        return [Problem(path: path, key: ["certname"], message)]
    }
}
