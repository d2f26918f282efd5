import Synchronization

/// Until when something is worked on for a request: until its time is over, or nobody waits for the answer any more.
///
/// Long work asks between its steps, on whatever thread these are done.
final class WorkLimit: Sendable {
    private let length: Duration?
    private let end: ContinuousClock.Instant?
    private let isAbandoned = Atomic(false)

    /// - Parameter length: how long from now on; nil: until it is abandoned.
    init(_ length: Duration?) {
        self.length = length
        end = length.map { .now + $0 }
    }

    /// Whether to stop; once it is so it stays so.
    var isOver: Bool { isAbandoned.load(ordering: .relaxed) || isOverdue }

    private var isOverdue: Bool { end.map { ContinuousClock.now >= $0 } ?? false }

    /// Nobody waits for the answer any more.
    func abandon() { isAbandoned.store(true, ordering: .relaxed) }

    /// Refuses to go on when it is over.
    func check() throws(ServiceError) {
        if isAbandoned.load(ordering: .relaxed) { throw .abandoned }
        guard let length, isOverdue else { return }
        throw .tooMany(
            "the answer takes more than \(length.components.seconds) seconds; ask for less, such as one key, one folder or "
                + "fewer revisions")
    }
}
