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

/// A fusion under way: layers are added one after the other.
struct Fusion: Sendable {
    private(set) var fields: Fused.Fields = [:]
    private(set) var strategies = Strategies.standard
    /// The layers of each prototype by name, the farthest level first.
    private(set) var prototypes: [String: [Layer]] = [:]
    private(set) var removals: [Removal] = []
    private(set) var problems: [Problem] = []
    /// The newest revision among the layers.
    private(set) var revision = 0

    /// The keys that instruct the cascade or feed it, and do not appear in a computed definition.
    private static let instructions: Set<String> = ["prototype", "merge", "unset", "prototypes"]

    /// This fusion with a definition's prototypes and then the definition itself added.
    func entering(_ layer: Layer) -> Fusion {
        var result = self
        for (name, prototype) in layer.definition["prototypes"]?.map ?? [:] {
            let source = Source(path: layer.source.path, isCommon: layer.source.isCommon, prototype: name)
            let definition = prototype.map ?? [:]
            result.prototypes[name, default: []].append(
                Layer(source: source, definition: definition, revision: layer.revision))
        }
        for prototype in result.expanding(layer.definition, of: layer) { result.add(prototype) }
        result.add(layer)
        return result
    }

    private mutating func add(_ layer: Layer) {
        strategies.adopt(layer.definition["merge"])
        for path in layer.definition["unset"]?.list ?? [] {
            guard let key = path.string.flatMap({ try? DottedPath($0) }) else { continue }
            if fields.remove(key.keys[...]) { removals.append(Removal(key: key, layer: layer)) }
        }
        let own = layer.definition.filter { !Fusion.instructions.contains($0.key) }
        fields = fields.fusing(own.mapValues { Fused($0, from: layer) }, strategies)
        revision = max(revision, layer.revision)
    }

    /// The layers of the prototypes that a definition names, those that they name themselves before them.
    private mutating func expanding(_ definition: Map, of layer: Layer) -> [Layer] {
        var expansion = PrototypeExpansion(prototypes: prototypes)
        expansion.expand(definition["prototype"])
        problems += expansion.problems.map {
            Problem(path: layer.source.path, key: ["prototype"], layer: layer.source, $0)
        }
        return expansion.layers
    }
}

/// A key that a layer's `unset` took away.
public struct Removal: Sendable {
    public let key: DottedPath
    public let layer: Layer
}
