import OrderedCollections
import Tree

/// How near the levels are that have a part in a value: those that wrote it, and those that wrote what its references
/// lead to.
///
/// A class, for it remembers what it found. Of a definition whose references lead in circles it tells too little.
final class Reach {
    private let root: Fused?
    /// The keys that levels took away or told to be fused otherwise.
    private let steered: [(key: DottedPath, by: Layer)]
    private var known: [ObjectIdentifier: Layer] = [:]
    /// How many references led to where one is.
    private var followed = 0

    /// - Parameter root: the definition; nil where no reference is to be followed.
    init(_ root: Fused?, steered: [(key: DottedPath, by: Layer)] = []) {
        self.root = root
        self.steered = steered
    }

    /// The nearest layer that has a part in a value.
    func nearest(of field: Fused) -> Layer {
        if let known = known[ObjectIdentifier(field)] { return known }
        var nearest = field.layer
        switch field.content {
        case .leaf:
            nearest = field.layers.reduce(nearest, Layer.nearer)
            for target in field.targets { nearest = onward(to: target).map { Layer.nearer(nearest, $0) } ?? nearest }
        case .map(let fields):
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
        guard followed < Resolution.longestChain else { return nil }
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

extension DottedPath {
    /// Whether one of two keys holds the other, or is it.
    fileprivate func overlaps(_ other: DottedPath) -> Bool {
        keys.starts(with: other.keys) || other.keys.starts(with: keys)
    }
}
