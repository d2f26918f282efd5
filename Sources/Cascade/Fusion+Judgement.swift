import OrderedCollections
import Tree

/// What the schema says of a fusion. Layers are judged each by itself, and those that fit fuse to what fits: what is left
/// to judge is what references made.
extension Fusion {
    /// What does not fit of a definition whose references are resolved.
    func misfits(in definition: Map) -> [Problem] {
        guard let fused = self.definition else { return [] }
        let written = misfits.flatMap { layer in
            layer.misfits.compactMap { problem in
                let keys = problem.key?.keys ?? []
                return fused.isMade(by: layer, at: keys[...])
                    ? Problem(key: problem.key, layer: layer.source, problem.message) : nil
            }
        }
        guard let made = fused.resolvedPart(of: .map(definition), Fusion.judgedLevels)?.map else { return written }
        let resolved = Schema.problems(inComputed: made).filter { problem in
            !written.contains { $0.key == problem.key }
        }
        return written
            + resolved.map { problem in
                let layer = problem.key.map { fused.innermost(at: $0.keys).layer.source }
                return Problem(key: problem.key, layer: layer, problem.message)
            }
    }

    /// How many levels of keys the schema judges each by itself: `vars.a` without `vars.b`, but `puppet.classes` whole.
    private static let judgedLevels = 2
}

extension Fused {
    /// The part of a value that references made; nil if there is none.
    fileprivate func resolvedPart(of value: Value, _ levels: Int) -> Value? {
        guard holdsReference else { return nil }
        guard levels > 0, let fields, case .map(let map) = value else { return value }
        var part: Map = [:]
        for (index, field) in fields.values.enumerated() where field.holdsReference {
            let name = fields.keys[index]
            if let inner = map[name] { part[name] = field.resolvedPart(of: inner, levels - 1) }
        }
        return .map(part)
    }

    /// Whether a layer has a part in what stands at a key.
    fileprivate func isMade(by layer: Layer, at keys: ArraySlice<String>) -> Bool {
        guard let key = keys.first, let fields else { return layers.contains { $0 === layer } }
        return fields[key]?.isMade(by: layer, at: keys.dropFirst()) ?? false
    }

    /// The value at a key, or the innermost one around it, such as the list that holds an element.
    fileprivate func innermost(at keys: some Sequence<String>) -> Fused {
        var field = self
        for key in keys {
            guard let inner = field.fields?[key] else { break }
            field = inner
        }
        return field
    }
}
