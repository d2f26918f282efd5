import Store
import Synchronization
import Tree

/// Makes snapshots of the tree as of earlier revisions, and keeps the last few asked for.
///
/// What is known of machines has no revisions: it is what is known now.
final class History: Sendable {
    private let store: any StateStore
    private let kept = Mutex<[Snapshot]>([])

    /// How many snapshots are kept.
    private static let limit = 4

    init(_ store: any StateStore) {
        self.store = store
    }

    /// The revision that a number or a time means: of a time, the newest that was made by then.
    func revision(_ text: String) throws(ServiceError) -> Int {
        if let number = Int(text), number >= 0 { return number }
        guard let time = Clock.time(orDay: text) else {
            throw .badRequest(
                "at=\(text): expected the number of a revision, or a time such as 2026-11-17T08:00:00Z or 2026-11-17")
        }
        let store = store
        let found = try ServiceError.wrapping { () throws(StoreError) in try store.revision(by: time) }
        guard let found else { throw .notFound("there was no revision yet at \(Clock.text(time))") }
        return found
    }

    /// The tree as of a revision; reads the store, so not to be called on a server's worker.
    func snapshot(at revision: Int, _ current: Snapshot) throws(ServiceError) -> Snapshot {
        guard revision >= 0, revision <= current.revision else {
            throw .notFound("there is no revision \(revision); the newest is \(current.revision)")
        }
        if revision == current.revision { return current }
        let store = store
        let horizon = try ServiceError.wrapping { () throws(StoreError) in try store.horizon() }
        guard revision >= horizon else { throw .compacted("the tree as of revision \(revision)", oldest: horizon) }
        let known = kept.withLock { kept in kept.first { $0.revision == revision } }
        if let known { return known.knowing(current.records) }
        let entries = try ServiceError.wrapping { () throws(StoreError) in try store.entries(at: revision) }
        let snapshot = Snapshot(revision: revision, entries: entries, records: current.records)
        kept.withLock { kept in
            kept.removeAll { $0.revision == revision }
            kept.insert(snapshot, at: 0)
            if kept.count > History.limit { kept.removeLast() }
        }
        return snapshot
    }
}
