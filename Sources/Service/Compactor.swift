import Logging
import Store

/// Lets go of the past that ``Retention`` does not ask for, now and then, a little at a time.
actor Compactor {
    private let store: any StateStore
    private let current: CurrentSnapshot
    private let retention: Retention
    private let log: Logger
    private let thread = SerialThread("headwater.compactor")

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// How many changes go in one transaction, for which writers wait.
    private static let step = 1_000

    init(_ store: any StateStore, _ current: CurrentSnapshot, _ retention: Retention, _ log: Logger) {
        self.store = store
        self.current = current
        self.retention = retention
        self.log = log
    }

    /// Compacts at once and after each pause, until the task is cancelled.
    func run(every pause: Duration) async {
        guard retention != Retention() else { return }
        while !Task.isCancelled {
            do {
                try await compact(now: Clock.now)
            } catch {
                // Nothing is lost: what is left is tried again.
                log.error("the history was not compacted: \(error)")
            }
            try? await Task.sleep(for: pause)
        }
    }

    func compact(now: Int) async throws(StoreError) {
        guard let horizon = try retention.horizon(store, newest: current.snapshot.revision, now: now) else { return }
        var removed = 0
        while !Task.isCancelled {
            let step = try store.compact(to: horizon, limit: Compactor.step)
            guard step > 0 else { break }
            removed += step
            await Task.yield()
        }
        guard removed > 0 else { return }
        log.notice("compacted the history up to revision \(horizon): \(removed) changes are no longer kept")
    }
}
