import OrderedCollections
import Tree

extension Fusion {
    /// What is wrong with the references of keys that need trust: one that leads to what a nearer level says than the one
    /// that refers would let who may write there change such a key.
    ///
    /// - Parameter path: of the machine.
    func presumptions(at path: Path) -> [Problem] {
        let referring = fields.filter { $0.value.holdsReference }
        guard !referring.isEmpty else { return [] }
        let reach = Reach(definition, steered: steered)
        return referring.flatMap { name, field in field.trustedLeaves(at: [name]) }.flatMap { key, leaf in
            leaf.parts.flatMap { part in
                part.value.targets.compactMap { target in
                    let (nearest, source) = (reach.nearest(at: target), part.layer.source)
                    guard !reach.isCut else {
                        return Problem(
                            path: path, key: key, layer: source,
                            "${{ \(target) }} leads through more than \(Resolution.longestChain) references; expected fewer: "
                                + "\(key) needs trust")
                    }
                    guard let nearest, nearest.depth > part.layer.depth else { return nil }
                    let level = Source(path: source.path, isCommon: source.isCommon)
                    return Problem(
                        path: path, key: key, layer: source,
                        "${{ \(target) }} takes what \(nearest.source) says; expected it from \(level) or from above: "
                            + "\(key) needs trust")
                }
            }
        }
    }
}

extension Fused {
    /// The values that hold references where trust is needed.
    fileprivate func trustedLeaves(at key: DottedPath) -> [(key: DottedPath, leaf: Fused)] {
        guard holdsReference, Schema.needsTrust(key.keys) else { return [] }
        guard let fields else { return [(key, self)] }
        return fields.flatMap { name, inner in inner.trustedLeaves(at: key + name) }
    }
}
