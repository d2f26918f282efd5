import Access
import HashTreeCollections
import OrderedCollections
import Store
import Tree

/// The one place where what is current changes: checks, commits to the store, then publishes.
///
/// A call that returns has its change on disk and visible to every read that begins after it.
actor Writer {
    private let store: any StateStore
    private let current: Current
    private let feed: Feed
    private let thread = SerialThread("headwater.writer")

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// What a write began from and what it led to; the same if it changed nothing.
    struct Written: Sendable {
        let before: Snapshot
        let after: Snapshot
    }

    init(_ store: any StateStore, _ current: Current, _ feed: Feed) {
        self.store = store
        self.current = current
        self.feed = feed
    }

    /// Makes a revision of what `make` does to an edit; none if it changes nothing.
    ///
    /// - Parameters:
    ///   - isForced: whether to accept that machines become broken.
    ///   - plan: what the change is to do; anything else is refused.
    ///   - make: gets the snapshot that the edit begins from, for its preconditions.
    func write(
        _ author: Author, isForced: Bool = false, plan: PlanID? = nil,
        _ make: @Sendable (Snapshot, inout Edit) throws(ServiceError) -> Void
    ) throws(ServiceError) -> Written {
        let before = current.snapshot
        let trial = try Trial(before, author.principal, isForced: isForced, make)
        try plan?.require(trial)
        let (edit, after) = (trial.edit, trial.after)
        guard !edit.changes.isEmpty else { return Written(before: before, after: before) }
        let draft = Draft(
            principal: author.principal.name, address: author.address, message: author.message, time: Clock.now,
            changes: Array(edit.changes.values), audit: Writer.audit(of: edit, author))
        let revision = try ServiceError.wrapping { () throws(StoreError) in try store.commit(draft) }
        author.trail?.close()
        current.publish(after)
        feed.tell(revision: revision.number)
        // The revision is on disk and known, so this may fail: a record without its entry means nothing to anybody.
        for id in edit.gone where before.records[id] != nil { try? store.removeMachine(of: id) }
        return Written(before: before, after: after)
    }

    /// What the audit log is to say of a change: it stands at the deepest place that holds all that changes.
    private static func audit(of edit: Edit, _ author: Author) -> AuditEntry {
        var place: Path?
        for change in edit.changes.values { place = place.map { $0.ancestor(with: change.path) } ?? change.path }
        return author.trail?.done(at: place)
            ?? AuditEntry(time: Clock.now, principal: author.principal.name, action: "write", path: place)
    }

    /// Changes what is known of a descriptor's machine.
    func update<Result: Sendable>(
        _ id: EntryID, _ change: @Sendable (Snapshot, inout Record) throws(ServiceError) -> Result
    ) throws(ServiceError) -> Result {
        let before = current.snapshot
        guard let listing = before.index.listings[id] else { throw .notFound("the descriptor was deleted meanwhile") }
        let known = before.records[id] ?? Record()
        var record = known
        let result = try change(before, &record)
        guard record != known else { return result }
        let map = record.map
        try ServiceError.wrapping { () throws(StoreError) in try store.save(machine: map, of: id) }
        var records = before.records
        records[id] = record
        current.publish(before.knowing(records))
        feed.tell(listing, known, record)
        return result
    }
}

extension ServiceError {
    /// Calls the store and says its errors as ours.
    static func wrapping<Result>(_ call: () throws(StoreError) -> Result) throws(ServiceError) -> Result {
        do {
            return try call()
        } catch {
            if case .compacted(let revision, let oldest) = error.reason {
                throw .compacted("revision \(revision)", oldest: oldest)
            }
            throw .store(error)
        }
    }
}
