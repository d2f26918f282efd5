import Access
import Cascade
import HashTreeCollections
import Lifecycle
import OrderedCollections
import Tree

/// An entry as people and programs see it.
struct EntryDocument {
    let map: Map

    static let fields = [
        "path", "kind", "certname", "state", "reason", "definition", "vm", "pending", "drift", "differences",
        "revision", "problems",
        "children",
    ]

    /// The entry as somebody sees it: without what he may not view below it. A folder that he may not view, on the way to
    /// something that he may, is a name with what is on the way.
    init(_ node: Node, _ snapshot: Snapshot, _ standing: Standing) {
        let entry = node.entry
        var map: Map = ["path": .string(entry.path.description), "kind": .string(entry.kind.rawValue)]
        switch entry.kind {
        case .folder where !standing.sees(entry.path):
            map["children"] = EntryDocument.children(node, snapshot, standing)
        case .vm:
            let record = snapshot.record(of: entry)
            let listing = snapshot.index.listings[entry.id]
            map["certname"] = .string(listing?.certname ?? "")
            map["state"] = .string(record.machine.state.rawValue)
            if let failure = record.machine.failure { map["reason"] = .string(failure.reason) }
            map["definition"] = .map(entry.definition)
            map["vm"] = EntryDocument.machine(
                record, on: snapshot.endpoint(of: record, in: entry.path.parent ?? .root)?.name)
            let (pending, drift) = (EntryDocument.pending(record, entry, snapshot), record.drift)
            map["pending"] = .list(pending.map { .string("\($0.key)") })
            map["drift"] = .list(drift.map { .string("\($0.key)") })
            map["differences"] = .list(pending.map { $0.map("computed") } + drift.map { $0.map("observed") })
            map["revision"] = .integer(entry.revision)
            map["problems"] = .list((listing?.problems ?? []).map { .map($0.seen(standing.sees).document) })
        case .folder:
            map["definition"] = .map(entry.definition)
            map["revision"] = .integer(entry.revision)
            map["problems"] = .list(
                (snapshot.inheritance(of: entry.path)?.problems ?? []).map { .map($0.seen(standing.sees).document) })
            map["children"] = EntryDocument.children(node, snapshot, standing)
        }
        self.map = map
    }

    private static func children(_ node: Node, _ snapshot: Snapshot, _ standing: Standing) -> Value {
        .list(node.sortedChildren.filter { standing.finds($0.entry.path) }.map { child($0, snapshot) })
    }

    private static func child(_ node: Node, _ snapshot: Snapshot) -> Value {
        let entry = node.entry
        var map: Map = ["name": .string(entry.path.name), "kind": .string(entry.kind.rawValue)]
        if entry.kind == .vm {
            map["certname"] = .string(snapshot.index.certname(of: entry.id) ?? "")
            map["state"] = .string(snapshot.record(of: entry).machine.state.rawValue)
        }
        return .map(map)
    }

    /// What the hypervisor said of the machine; null while it has none.
    static func machine(_ record: Record, on hypervisor: String? = nil) -> Value {
        guard let observed = record.observed else { return .null }
        var map: Map = ["hypervisor": (hypervisor ?? record.hypervisor).map(Value.string) ?? .null]
        map["unreachable"] = record.silence.map(Value.string)
        map["held"] = record.held.map { .string("wanted: \($0.rawValue) is not restored until somebody asks for it") }
        map.merge(observed) { _, new in new }
        return .map(map)
    }

    /// What the definition, by now, would change in the machine.
    private static func pending(_ record: Record, _ entry: Entry, _ snapshot: Snapshot) -> [Difference] {
        guard record.applied != nil, let computed = snapshot.compute(entry), computed.problems.isEmpty else {
            return []
        }
        return record.pending(computed.definition)
    }
}

extension Difference {
    /// What was applied, beside what `other` says.
    fileprivate func map(_ other: String) -> Value {
        var map: Map = ["key": .string("\(key)")]
        map["applied"] = before
        map[other] = after
        return .map(map)
    }
}
