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

    /// Only that there is the revision, and since when.
    init(anonymous revision: Revision) {
        map = ["number": .integer(revision.number), "time": .string(Clock.text(revision.time))]
    }

    /// Tells only of so many entries, and not where the change was made from.
    mutating func narrow(entries: Int) {
        map["address"] = nil
        map["entries"] = .integer(entries)
    }

    /// Adds what the revision changed, as somebody sees it, at `path` or below.
    /// - Parameters:
    ///   - before: the entries as they were.
    ///   - limit: how many changes are told; the rest are counted.
    mutating func tell(
        _ changes: [Change], before: [EntryID: Entry], below path: Path, limit: Int, _ sees: (Path) -> Bool
    ) {
        let told = changes.filter { change in
            [change.path, before[change.id]?.path].contains { $0.map { path.contains($0) && sees($0) } ?? false }
        }
        map["changes"] = .list(told.prefix(limit).map { Self.document($0, before[$0.id], sees) })
        if told.count > limit { map["left"] = .integer(told.count - limit) }
    }

    /// Adds which entries the revision touched, and how, without their definitions.
    /// - Parameter limit: how many are told; the rest are counted.
    mutating func tell(_ touches: [Touch], limit: Int) {
        map["entries"] = .integer(touches.count)
        map["changes"] = .list(touches.prefix(limit).map { .map($0.map) })
        if touches.count > limit { map["left"] = .integer(touches.count - limit) }
    }

    /// What comes from where it may not be viewed appears, and what goes there vanishes.
    static func document(_ change: Change, _ origin: Entry?, _ sees: (Path) -> Bool) -> Value {
        let before = origin.flatMap { sees($0.path) ? $0 : nil }
        let path = sees(change.path) ? change.path : before?.path ?? change.path
        var map: Map = ["path": .string("\(path)")]
        let after: Map?
        switch change {
        case .set(_, let kind, let path, _) where !sees(path):
            map["kind"] = .string(kind.rawValue)
            map["change"] = "removed"
            after = nil
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
        let differences = Difference.between(before.map { .map($0.definition) }, after.map(Value.map), orderFrom: 0)
        // An entry that came or went without a word is told by the change itself.
        map["differences"] = .list(differences.filter { $0.isOrder || !$0.key.keys.isEmpty }.map(\.document))
        return .map(map)
    }
}
