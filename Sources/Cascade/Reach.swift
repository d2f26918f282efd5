import OrderedCollections
import Tree

/// How near the levels are that have a part in a value: those that wrote it, and those that wrote what its references
/// lead to.
///
/// A class, for it remembers what it found. Of references that lead in circles it tells too little; their values cannot be
/// resolved.
final class Reach {
    private let root: Fused?
    /// The keys that levels took away or told to be fused otherwise.
    private let steered: [(key: DottedPath, by: Layer)]
    private var known: [ObjectIdentifier: Layer] = [:]
    /// How many references led to where one is.
    private var followed = 0
    /// Whether references led through too many others to be followed to their end, so that a nearer level may be missing.
    private(set) var isCut = false

    /// - Parameter root: the definition; nil where no reference is to be followed.
    init(_ root: Fused?, steered: [(key: DottedPath, by: Layer)] = []) {
        self.root = root
        self.steered = steered
    }

    /// The nearest layer that has a part in a value.
    func nearest(of field: Fused) -> Layer {
        if let known = known[ObjectIdentifier(field)] { return known }
        var nearest = field.layers.reduce(field.layer, Layer.nearer)
        // Whoever comes here again on the way, in a circle, goes no further.
        known[ObjectIdentifier(field)] = nearest
        switch field.content {
        case .leaf:
            for target in field.targets { nearest = onward(to: target).map { Layer.nearer(nearest, $0) } ?? nearest }
        case .map(let fields):
            nearest = field.layer
            for inner in fields.values { nearest = .nearer(nearest, self.nearest(of: inner)) }
            for target in field.keyTemplate?.targets ?? [] {
                nearest = onward(to: target).map { Layer.nearer(nearest, $0) } ?? nearest
            }
        }
        known[ObjectIdentifier(field)] = nearest
        return nearest
    }

    /// The nearest layer that has a part in what a reference leads to; nil if it leads to `self`, or nowhere.
    func nearest(at target: DottedPath) -> Layer? {
        guard target.keys.first != "self" else { return nil }
        var nearest: [Layer] = steered.filter { $0.key.overlaps(target) }.map(\.by)
        var (field, rest) = (root, target.keys[...])
        while let key = rest.first, let inner = field?.fields?[key] {
            field = inner
            rest.removeFirst()
        }
        if let field, rest.isEmpty || field.fields == nil {
            if !rest.isEmpty, case .text(let parts)? = field.template, parts.count == 1,
                case .reference(let next) = parts[0]
            {
                // Of what the reference in its place brings in, one value.
                nearest += field.layers
                if let found = onward(to: DottedPath(keys: next.keys + rest)) { nearest.append(found) }
            } else {
                nearest.append(self.nearest(of: field))
            }
        }
        return nearest.dropFirst().reduce(nearest.first) { one, other in one.map { .nearer($0, other) } }
    }

    private func onward(to target: DottedPath) -> Layer? {
        guard followed < Resolution.longestChain else {
            isCut = true
            return nil
        }
        followed += 1
        defer { followed -= 1 }
        return nearest(at: target)
    }
}

extension Layer {
    /// How far from the root the level is that it was written at.
    var depth: Int { source.path.depth }

    /// The nearer of two; the first if they are of one level.
    fileprivate static func nearer(_ one: Layer, _ other: Layer) -> Layer { one.depth < other.depth ? other : one }
}
