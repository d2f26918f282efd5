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
        let made = fused.resolvedParts(of: definition)
        guard !made.isEmpty else { return written }
        let keys = Set(written.map(\.key))
        let resolved = Schema.problems(inComputed: made).filter { !keys.contains($0.key) }
        return written
            + resolved.map { problem in
                let layer = problem.key.map { fused.innermost(at: $0.keys).layer.source }
                return Problem(key: problem.key, layer: layer, problem.message)
            }
    }
}

extension Fused {
    /// What references made of a definition, by keys that the schema judges each by itself: `nics.eth0` without
    /// `nics.eth1`, but `puppet.classes` whole.
    fileprivate func resolvedParts(of definition: Map) -> Map {
        var parts: Map = [:]
        for (name, field) in fields ?? [:] where field.holdsReference {
            guard let value = definition[name] else { continue }
            guard case .map(let map) = value, let fields = field.fields else {
                parts[name] = value
                continue
            }
            guard name != Schema.free else { continue }
            parts[name] = .map(map.filter { fields[$0.key]?.holdsReference ?? true })
        }
        return parts
    }

    /// Whether a layer has a part in what stands at a key.
    fileprivate func isMade(by layer: Layer, at keys: ArraySlice<Key>) -> Bool {
        guard let key = keys.first, let fields else { return layers.contains { $0 === layer } }
        // A list that was fused with a map has its elements as keys, and its layer's faults by their indices.
        return fields[key]?.isMade(by: layer, at: keys.dropFirst())
            ?? parts.contains { $0.layer === layer && $0.value.map == nil }
    }

    /// The value at a key, or the innermost one around it, such as the list that holds an element.
    fileprivate func innermost(at keys: some Sequence<Key>) -> Fused {
        var field = self
        for key in keys {
            guard let inner = field.fields?[key] else { break }
            field = inner
        }
        return field
    }
}
