import Cascade
import Tree

/// The machines that a selector means.
struct Selection: Sendable {
    fileprivate(set) var meant: [Entry] = []
    /// Those of which that is not known, for their definitions are broken.
    fileprivate(set) var unclear: [Entry] = []

    /// Those that it means, and those that it may mean.
    var all: [Entry] { meant + unclear }

    mutating func add(_ entry: Entry, _ verdict: Selector.Verdict) {
        switch verdict {
        case .yes: meant.append(entry)
        case .unknown: unclear.append(entry)
        case .no: break
        }
    }

    mutating func add(_ other: Selection) {
        meant += other.meant
        unclear += other.unclear
    }

    /// The first of those that it means, and those before the last of them that it may mean.
    func prefix(_ count: Int) -> Selection {
        guard meant.count > count else { return self }
        let first = Array(meant.prefix(count))
        let unclear = unclear.filter { entry in first.last.map { entry.path < $0.path } ?? false }
        return Selection(meant: first, unclear: unclear)
    }

    /// Refuses to do something to machines while it is not known which ones are meant.
    func refuseUnclear() throws(ServiceError) {
        guard let first = unclear.first else { return }
        let broken = unclear.count == 1 ? "its definition is broken" : "their definitions are broken"
        throw .conflict(
            first.path,
            "whether the selector means \(ServiceError.list(unclear.map(\.path))) is not known: \(broken); see /v1/problems"
        )
    }
}

extension Batch {
    /// The descriptors that a selector means; nil means all.
    func selection(_ selector: Selector?, in snapshot: Snapshot) -> Selection {
        var selection = Selection()
        if let selector, selector.asksForDefinition {
            forEach { entry, computed in selection.add(entry, selector.verdict(entry, computed, in: snapshot)) }
        } else {
            for entry in entries {
                selection.add(entry, selector.map { snapshot.verdict(of: $0, on: entry) } ?? .yes)
            }
        }
        return selection
    }
}

extension [Batch] {
    /// The descriptors that a selector means.
    func selection(
        _ selector: Selector, in snapshot: Snapshot, until limit: WorkLimit?
    ) throws(ServiceError) -> Selection {
        var selection = Selection()
        let parts = try parallelMap(until: limit) { run in run.map { $0.selection(selector, in: snapshot) } }
        for part in parts.joined() { selection.add(part) }
        return selection
    }
}
