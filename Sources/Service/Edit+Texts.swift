import OrderedCollections
import Store
import Tree

extension Edit {
    /// The literal texts that the changes write and their entries did not say before, by entry; entries without one are left out.
    ///
    /// - Parameter texts: those of a definition, with where they stand.
    func newTexts(
        _ texts: (Map) -> [(key: DottedPath, text: String)]
    ) -> [(path: Path, texts: [(key: DottedPath, text: String)])] {
        changes.values.compactMap { change in
            guard case .set(let id, _, let path, let definition) = change else { return nil }
            let written = texts(definition)
            guard !written.isEmpty else { return nil }
            let known = before.tree[path]?.entry
            let old = Set((known?.id == id ? known.map { texts($0.definition) } ?? [] : []).map(\.text))
            let new = written.filter { !old.contains($0.text) }
            return new.isEmpty ? nil : (path, new)
        }
    }
}

extension Map {
    /// The texts that a field of its named things, and of those in its prototypes, says without a reference: the `pool` of
    /// each of its `images`.
    ///
    /// - Parameter isMeant: whether a thing counts.
    func literals(
        _ field: Key, of things: Key, where isMeant: (Map) -> Bool = { _ in true }
    ) -> [(key: DottedPath, text: String)] {
        var found: [(key: DottedPath, text: String)] = []
        for (name, thing) in self[things]?.map ?? [:] {
            guard let thing = thing.map, let text = thing[field]?.string, !text.contains("${{"), isMeant(thing) else {
                continue
            }
            found.append(([things, name, field], text))
        }
        for (name, prototype) in self["prototypes"]?.map ?? [:] {
            for (key, text) in prototype.map?.literals(field, of: things, where: isMeant) ?? [] {
                found.append((DottedPath(keys: ["prototypes", name] + key.keys), text))
            }
        }
        return found
    }
}
