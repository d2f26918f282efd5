import Synchronization

/// Holds the newest snapshot.
final class CurrentSnapshot: Sendable {
    private let newest: Mutex<Snapshot>
    private let number: Atomic<Int>

    init(_ snapshot: Snapshot) {
        newest = Mutex(snapshot)
        number = Atomic(snapshot.generation)
    }

    var snapshot: Snapshot { newest.withLock { $0 } }

    /// Which snapshot is the newest, for who needs no more of it: asking takes no lock and counts no reference.
    var generation: Int { number.load(ordering: .acquiring) }

    /// For the writer only.
    func publish(_ snapshot: Snapshot) {
        // The former goes when the lock is free again: it may be the last to hold much, and readers would wait for that.
        _ = newest.withLock { newest in exchange(&newest, with: snapshot) }
        number.store(snapshot.generation, ordering: .releasing)
    }
}
