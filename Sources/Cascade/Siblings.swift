import OrderedCollections
public import Tree

/// Computes machines of one folder, one after the other: what the folder hands down is fused but once with the
/// prototypes that many of them name.
public struct Siblings: Sendable {
    public let inheritance: Inheritance
    private var kin: [Value: Inheritance] = [:]

    public init(_ inheritance: Inheritance) {
        self.inheritance = inheritance
    }

    /// The computed definition of the descriptor in this folder that `local` is the definition of; the same that
    /// ``Inheritance/compute(_:)`` gives.
    public mutating func compute(_ local: Layer) -> Computed {
        let ply = Ply(local)
        guard let names = ply.instructions["prototype"], ply.instructions["prototypes"] == nil,
            let shared = kin[names] ?? inheritance.applying(names)
        else { return inheritance.compute(ply) }
        kin[names] = shared
        return shared.computed(shared.fusion.adding(ply), at: local.source.path)
    }
}
