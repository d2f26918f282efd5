import Lifecycle
import OrderedCollections
import Store
import Tree

/// A revision as people and programs see it.
struct RevisionDocument {
    private(set) var map: Map

    init(_ revision: Revision) {
        map = ["number": .integer(revision.number)]
        map.merge(revision.authorship) { old, _ in old }
        map["address"] = revision.address.map(Value.string)
        map["entries"] = .integer(revision.changes)
    }

    /// Adds what the revision changed, at `path` or below.
    /// - Parameters:
    ///   - before: the entries as they were.
    ///   - limit: how many changes are told; the rest are counted.
    mutating func tell(_ changes: [Change], before: [EntryID: Entry], below path: Path, limit: Int) {
        let told = changes.filter { path.contains($0.path) || before[$0.id].map { path.contains($0.path) } ?? false }
        map["changes"] = .list(told.prefix(limit).map { Self.document($0, before[$0.id]) })
        if told.count > limit { map["left"] = .integer(told.count - limit) }
    }

    /// What happens to an entry that was `before`.
    static func document(_ change: Change, _ before: Entry?) -> Value {
        var map: Map = ["path": .string("\(change.path)")]
        let after: Map?
        switch change {
        case .set(_, let kind, let path, let definition):
            map["kind"] = .string(kind.rawValue)
            after = definition
            map["change"] = before.map { $0.path == path ? "changed" : "moved" } ?? "created"
            if let before, before.path != path { map["from"] = .string("\(before.path)") }
        case .remove:
            map["kind"] = before.map { .string($0.kind.rawValue) }
            map["change"] = "removed"
            after = nil
        }
        let differences = Difference.between(before.map { .map($0.definition) }, after.map(Value.map))
        // An entry that came or went without a word is told by the change itself.
        map["differences"] = .list(differences.filter { !$0.key.keys.isEmpty }.map(\.document))
        return .map(map)
    }
}
