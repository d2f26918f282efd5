import OrderedCollections
import Store
import TestSupport
import Tree

/// A simple model of a tree with history: a list of what stands where.
enum RandomHistory {
    /// Changes that may follow `tree`: entries made, rewritten, removed, moved, and paths exchanged in a ring.
    static func changes(after tree: [Said], using generator: inout Seeded) -> [Change] {
        var changes: [Change] = []
        var free = allPaths.filter { path in !tree.contains { $0.path == path } }.shuffled(using: &generator)
        var ring: [Said] = []
        for entry in tree {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0:
                changes.append(.remove(id: entry.id, path: entry.path))
                free.append(entry.path)
            case 1: changes.append(set(entry, at: entry.path, using: &generator))
            case 2: if let path = free.popLast() { changes.append(set(entry, at: path, using: &generator)) }
            case 3: ring.append(entry)
            default: break
            }
        }
        for (index, entry) in ring.enumerated() {
            changes.append(set(entry, at: ring[(index + 1) % ring.count].path, using: &generator))
        }
        for path in free.prefix(Int.random(in: 0...4, using: &generator)) {
            changes.append(
                .set(id: .random(using: &generator), kind: .folder, path: path, definition: map(using: &generator)))
        }
        return changes.shuffled(using: &generator)
    }

    /// The tree that `changes` make of `tree`.
    static func tree(_ tree: [Said], after changes: [Change], at revision: Int) -> [Said] {
        let changed = Set(changes.map(\.id))
        return tree.filter { !changed.contains($0.id) }
            + changes.compactMap { change in
                guard case .set(let id, let kind, let path, let definition) = change else { return nil }
                return Said(Entry(id: id, kind: kind, path: path, definition: definition, revision: revision))
            }
    }

    private static let allPaths = ["a", "b", "c", "d", "e"].flatMap { first in
        (0..<6).compactMap { try? Path($0 == 0 ? "/\(first)" : "/\(first)/x\($0)") }
    }

    private static func set(_ entry: Said, at path: Path, using generator: inout Seeded) -> Change {
        .set(id: entry.id, kind: entry.kind, path: path, definition: map(using: &generator))
    }

    private static func map(using generator: inout Seeded) -> Map {
        let keys = (["note", "vars", "b", "ñ", "n\u{303}"] as [Key]).shuffled(using: &generator).prefix(
            .random(in: 0...5, using: &generator))
        return Map(uniqueKeysWithValues: keys.map { ($0, value(using: &generator)) })
    }

    private static func value(using generator: inout Seeded) -> Value {
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: .null
        case 1: .bool(.random(using: &generator))
        case 2: .integer(.random(in: .min ... .max, using: &generator))
        case 3: .float(.random(in: -1e300...1e300, using: &generator))
        case 4: .string(String(Character(Unicode.Scalar(UInt8.random(in: 0...255, using: &generator)))))
        default: .list([.map(map(using: &generator))])
        }
    }
}
