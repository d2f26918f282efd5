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

    /// Adds which entries the revision touched, and how, without their definitions.
    /// - Parameter limit: how many are told; the rest are counted.
    mutating func tell(_ touches: [Touch], limit: Int) {
        map["entries"] = .integer(touches.count)
        map["changes"] = .list(touches.prefix(limit).map { .map($0.map) })
        if touches.count > limit { map["left"] = .integer(touches.count - limit) }
    }

    /// What happens to an entry that was `before`.
    static func document(_ change: Change, _ before: Entry?) -> Value {
        var map = Touch(change, before: before).map
        let after: Map? = if case .set(_, _, _, let definition) = change { definition } else { nil }
        let differences = Difference.between(before.map { .map($0.definition) }, after.map(Value.map))
        // An entry that came or went without a word is told by the change itself.
        map["differences"] = .list(differences.filter { !$0.key.keys.isEmpty }.map(\.document))
        return .map(map)
    }
}
