import OrderedCollections
import Tree

/// Something that a change of a definition has a part in: a value, how it fuses with others, or whether it stays.
struct Touched {
    /// The key in the computed definition.
    let key: DottedPath
    /// Where it is said: the same key, or one within a prototype, `merge` or `unset`.
    let place: DottedPath
    /// What is said now; nil: nothing, or only what becomes of others' values.
    let value: Value?

    /// All that one definition says otherwise than another, prototypes included. Which prototypes are named is no part of it.
    static func all(from old: Map, to new: Map) -> [Touched] {
        var all = own(from: old, to: new, at: [])
        let (before, after) = (old["prototypes"]?.map ?? [:], new["prototypes"]?.map ?? [:])
        for name in before.keys.union(after.keys) where before[name] != after[name] {
            all += own(from: before[name]?.map ?? [:], to: after[name]?.map ?? [:], at: ["prototypes", name])
        }
        return all
    }

    private static func own(from old: Map, to new: Map, at place: DottedPath) -> [Touched] {
        let values = Difference.between(.map(old.values), .map(new.values), orderFrom: 1).map {
            Touched(key: $0.key, place: DottedPath(keys: place.keys + $0.key.keys), value: $0.isOrder ? nil : $0.after)
        }
        let (merge, formerly) = (new["merge"]?.map ?? [:], old["merge"]?.map ?? [:])
        let fused = merge.keys.union(formerly.keys).filter { merge[$0] != formerly[$0] }.map {
            ("merge" as Key, $0.text)
        }
        let gone = Set(new["unset"]?.list ?? []).symmetricDifference(old["unset"]?.list ?? [])
            .compactMap { $0.string.map { ("unset" as Key, $0) } }
        return values
            + (fused + gone).map { instruction, text in
                Touched(
                    key: (try? DottedPath(text)) ?? [], place: DottedPath(keys: place.keys + [instruction, Key(text)]),
                    value: nil)
            }
    }
}

extension Map {
    /// What is said of the machines' own keys.
    fileprivate var values: Map { filter { Schema.classes[$0.key] != .cascade && $0.key != "prototypes" } }
}
