import Access
import HashTreeCollections
import OrderedCollections
import Store
import Synchronization
import Tree

/// The one place where what is current changes: checks, commits to the store, then publishes.
///
/// A call that returns has its change on disk and visible to every read that begins after it.
actor Writer {
    private let store: any StateStore
    private let current: CurrentSnapshot
    private let feed: Feed
    private let thread = SerialThread("headwater.writer")
    private let waiting = Mutex<[Write]>([])
    /// Until when changes are made.
    private let life = WorkLimit(nil)

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// What a write began from and what it led to; the same if it changed nothing.
    struct Written: Sendable {
        let before: Snapshot
        let after: Snapshot
    }

    init(_ store: any StateStore, _ current: CurrentSnapshot, _ feed: Feed) {
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
    nonisolated func write(
        _ author: Author, isForced: Bool = false, plan: Write.Foretold? = nil,
        _ make: @escaping @Sendable (Snapshot, inout Edit) throws(ServiceError) -> Void
    ) async throws(ServiceError) -> Written {
        let result = await withCheckedContinuation { whenDone in
            let write = Write(author: author, isForced: isForced, plan: plan, make: make, whenDone: whenDone)
            waiting.withLock { $0.append(write) }
            Task { await makeWaiting() }
        }
        return try result.get()
    }

    /// Makes no more changes: those that wait are refused, and one that is being checked is given up. What becomes known of
    /// machines is kept still.
    nonisolated func close() { life.abandon() }

    /// Returns when what was begun before has ended.
    func settle() {}

    /// Makes all that waits, together: those that came while the disk was waited for share the next wait.
    private func makeWaiting() {
        let writes = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        if !writes.isEmpty { make(writes) }
    }

    /// Makes one revision of each, upon what those before it become, in one transaction of the store.
    private func make(_ writes: [Write]) {
        var newest = current.snapshot
        var trials: [Result<Trial, ServiceError>] = []
        for write in writes {
            let trial = Result { () throws(ServiceError) in
                guard !life.isOver else { throw .busy("the service ends") }
                return try write.trial(of: newest, until: life)
            }
            if case .success(let trial) = trial { newest = trial.after }
            trials.append(trial)
        }
        let drafts = zip(writes, trials).compactMap { write, trial in (try? trial.get().edit).flatMap(write.draft) }
        do throws(ServiceError) {
            if !drafts.isEmpty {
                let revisions = try ServiceError.wrapping { () throws(StoreError) in try store.commit(drafts) }
                for (write, trial) in zip(writes, trials) where (try? trial.get())?.edit.changes.isEmpty == false {
                    write.author.trail?.close()
                }
                current.publish(newest)
                for revision in revisions { feed.tell(revision: revision.number) }
            }
        } catch {
            // One that the store refuses is to fail alone, and the others are to know nothing of it.
            guard writes.count > 1 else { return tell(writes, trials.map { $0.flatMap { _ in .failure(error) } }) }
            return writes.forEach { make([$0]) }
        }
        for case .success(let trial) in trials { forgetMachines(trial) }
        tell(writes, trials.map { $0.map { Written(before: $0.before, after: $0.after) } })
    }

    private func tell(_ writes: [Write], _ results: [Result<Written, ServiceError>]) {
        for (write, result) in zip(writes, results) { write.whenDone.resume(returning: result) }
    }

    /// The revision is on disk and known, so this may fail: a record without its entry means nothing to anybody.
    private func forgetMachines(_ trial: Trial) {
        for id in trial.edit.gone where trial.before.records[id] != nil { try? store.removeMachine(of: id) }
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
