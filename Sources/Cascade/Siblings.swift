import OrderedCollections
public import Tree

/// Computes machines of one folder, one after the other: what the folder hands down is fused but once with the
/// prototypes that many of them name.
public struct Siblings: Sendable {
    public let inheritance: Inheritance
    /// What the folder hands down to those that name these prototypes; nil in it if something is wrong with the names.
    private var kin: [Value: Inheritance?] = [:]
    /// Of those that name these prototypes, or none; nil in it if there can be none.
    private var exemplars: [Value?: Exemplar?] = [:]

    public init(_ inheritance: Inheritance) {
        self.inheritance = inheritance
    }

    /// The computed definition of the descriptor in this folder that `local` is the definition of; the same that
    /// ``Inheritance/compute(_:)`` gives.
    public mutating func compute(_ local: Layer) -> Computed {
        let ply = Ply(local)
        guard let names = ply.instructions["prototype"], ply.instructions["prototypes"] == nil,
            let shared = inheritance(of: names)
        else { return inheritance.compute(ply) }
        return shared.computed(shared.fusion.adding(ply), at: local.source.path)
    }

    /// A machine that differs from the one that `local` is the definition of in data only: nothing is wrong with either,
    /// their certnames end in the same domain, and the values of `keys` are the same. Nil if none is known.
    public mutating func exemplar(for local: Layer, sharing keys: Set<Key>) -> Exemplar? {
        guard local.misfits.isEmpty, !local.holdsReference else { return nil }
        let (definition, path) = (local.definition, local.source.path)
        guard let exemplar = exemplar(of: definition["prototype"], at: path),
            exemplar.standsIn(for: definition, at: path, sharing: keys)
        else { return nil }
        return exemplar
    }

    private mutating func exemplar(of names: Value?, at path: Path) -> Exemplar? {
        if let known = exemplars[names] { return known }
        let shared = names.map { inheritance(of: $0) } ?? inheritance
        let exemplar = shared.flatMap { Exemplar($0, at: path) }
        exemplars[names] = .some(exemplar)
        return exemplar
    }

    private mutating func inheritance(of names: Value) -> Inheritance? {
        if let known = kin[names] { return known }
        let shared = inheritance.applying(names)
        kin[names] = .some(shared)
        return shared
    }
}
