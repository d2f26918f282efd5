import OrderedCollections
import Tree

/// A layer ready to be fused: what it defines, apart from what it tells the cascade to do.
struct Ply: Sendable {
    let layer: Layer
    let own: Fused
    /// What stands under ``instructionNames``, unpacked once with the rest.
    let instructions: Map

    /// The keys that instruct the cascade or feed it, and `access`, which comes down by a rule of its own: none appears in
    /// a computed definition.
    static let instructionNames: [Key] = ["prototype", "merge", "unset", "prototypes", "access"]

    init(_ layer: Layer) {
        self.layer = layer
        var definition = layer.definition
        var instructions: Map = [:]
        for name in Ply.instructionNames {
            if let instruction = definition.removeValue(forKey: name) { instructions[name] = instruction }
        }
        self.instructions = instructions
        own = Fused(.map(definition), from: layer)
    }

    /// The layers of the prototypes that the definition holds, by name.
    var prototypes: [(name: Key, ply: Ply)] {
        (instructions["prototypes"]?.map ?? [:]).map { name, definition in
            let source = Source(path: layer.source.path, isCommon: layer.source.isCommon, prototype: name.text)
            return (name, Ply(Layer(source: source, definition: definition.map ?? [:], revision: layer.revision)))
        }
    }
}
