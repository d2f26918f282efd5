import OrderedCollections
public import Tree

/// A fusion under way: layers are added one after the other.
struct Fusion: Sendable {
    /// The fused definition; nil before the first layer.
    private(set) var definition: Fused?
    private(set) var strategies = Strategies.standard
    /// The layers of each prototype by name, the farthest level first.
    private(set) var prototypes: [Key: [Ply]] = [:]
    private(set) var removals: [Removal] = []
    /// The keys that layers took away or told to be fused otherwise.
    private(set) var steered: [(key: DottedPath, by: Layer)] = []
    private(set) var problems: [Problem] = []
    /// The layers that do not fit the schema.
    private(set) var misfits: [Layer] = []
    /// The newest revision among the layers.
    private(set) var revision = 0
    /// How many bytes the definitions take, about; those of prototypes with the one that holds them.
    private(set) var size = 0

    var fields: Fused.Fields { definition?.fields ?? [:] }

    /// This fusion with a definition's prototypes and then the definition itself added.
    func entering(_ ply: Ply) -> Fusion {
        var result = self
        for (name, prototype) in ply.prototypes { result.prototypes[name, default: []].append(prototype) }
        if let names = ply.instructions["prototype"] {
            let expansion = PrototypeExpansion(of: names, prototypes: result.prototypes)
            for prototype in expansion.plies { result.add(prototype) }
            for var problem in expansion.problems {
                (problem.path, problem.key, problem.layer) = (ply.layer.source.path, ["prototype"], ply.layer.source)
                result.problems.append(problem)
            }
        }
        result.add(ply)
        result.size += ply.layer.size
        return result
    }

    /// This fusion with the prototypes of these names added, as those who name them have it below their own; nil if
    /// something is wrong with the names.
    func applying(_ names: Value) -> Fusion? {
        let expansion = PrototypeExpansion(of: names, prototypes: prototypes)
        guard expansion.problems.isEmpty else { return nil }
        var result = self
        for prototype in expansion.plies { result.add(prototype) }
        return result
    }

    /// This fusion with a definition added whose prototypes it has already.
    func adding(_ ply: Ply) -> Fusion {
        var result = self
        result.add(ply)
        return result
    }

    private mutating func add(_ ply: Ply) {
        strategies.adopt(ply.instructions["merge"])
        for path in ply.instructions["merge"]?.map?.keys ?? [] {
            if let key = try? DottedPath(path.text) { steered.append((key, ply.layer)) }
        }
        if let unset = ply.instructions["unset"]?.list, let definition {
            let keys = unset.compactMap { $0.string.flatMap { try? DottedPath($0) } }
            var removed: [Int: Fused] = [:]
            self.definition = definition.removing(Cut(keys), strategies, &removed)
            for (place, key) in keys.enumerated() {
                guard let removed = removed[place] else { continue }
                removals.append(Removal(key: key, layer: ply.layer, removed: removed))
                steered.append((key, ply.layer))
            }
        }
        definition = definition?.fusing(ply.own, strategies) ?? ply.own
        revision = max(revision, ply.layer.revision)
        if !ply.layer.misfits.isEmpty { misfits.append(ply.layer) }
    }
}

/// A key that a layer's `unset` took away.
public struct Removal: Sendable {
    public let key: DottedPath
    /// The layer that says so.
    public let layer: Layer
    /// What stood there.
    public let removed: Fused
}
