import OrderedCollections
import Tree

/// A layer ready to be fused: what it defines, apart from what it tells the cascade to do.
struct Ply: Sendable {
    let layer: Layer
    let own: Fused

    /// The keys that instruct the cascade or feed it, and `access`, which comes down by a rule of its own: none appears in
    /// a computed definition.
    static let instructions = ["prototype", "merge", "unset", "prototypes", "access"]

    init(_ layer: Layer) {
        self.layer = layer
        var definition = layer.definition
        definition.removeAll { Ply.instructions.contains($0.key) }
        own = Fused(.map(definition), from: layer)
    }

    /// The layers of the prototypes that a definition holds, by name.
    static func prototypes(of layer: Layer) -> [(name: String, ply: Ply)] {
        (layer["prototypes"]?.map ?? [:]).map { name, definition in
            let source = Source(path: layer.source.path, isCommon: layer.source.isCommon, prototype: name)
            return (name, Ply(Layer(source: source, definition: definition.map ?? [:], revision: layer.revision)))
        }
    }
}
