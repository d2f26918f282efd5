import Synchronization

/// Holds the newest snapshot.
final class Current: Sendable {
    private let newest: Mutex<Snapshot>

    init(_ snapshot: Snapshot) {
        newest = Mutex(snapshot)
    }

    var snapshot: Snapshot { newest.withLock { $0 } }

    /// For the writer only.
    func publish(_ snapshot: Snapshot) {
        newest.withLock { $0 = snapshot }
    }
}
