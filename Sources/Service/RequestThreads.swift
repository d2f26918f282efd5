import Hypervisor
import Synchronization

/// Threads on which the handlers of requests run, apart from those that are answered at once.
///
/// Neither the server's workers nor Swift's pool of threads see any of that work, however long it takes. Each principal has a
/// share of the threads, which is an executor: whatever a handler does between two waits is done there, one thing after the
/// other where the share is used up, so that others find a thread.
final class RequestThreads: Sendable {
    private let threads: Lanes
    /// How many threads one principal has at a time.
    let limit: Int
    /// By the principals' names, for as long as they have requests.
    private let shares = Mutex<[String: (share: Share, requests: Int)]>([:])

    /// How many things that one principal asked for may wait for a thread.
    static let mostWaiting = 256

    init(label: String, processors: Int) {
        limit = processors
        threads = Lanes(label: label, limit: 2 * processors)
    }

    /// Runs `work` on the share of the principal of this name. Refuses it if too much waits there already.
    func run<Answer: Sendable>(
        for name: String, _ work: @Sendable () async throws(ServiceError) -> Answer
    ) async throws(ServiceError) -> Answer {
        let share = try enter(name)
        defer { leave(name) }
        return try await withTaskExecutorPreference(share, operation: work)
    }

    /// How much of what the principal of this name asked for waits for a thread.
    func waiting(for name: String) -> Int { shares.withLock { $0[name]?.share.waiting ?? 0 } }

    private func enter(_ name: String) throws(ServiceError) -> Share {
        try shares.withLock { shares throws(ServiceError) in
            let (share, requests) = shares[name] ?? (Share(of: threads, limit: limit), 0)
            guard share.waiting < RequestThreads.mostWaiting else {
                throw .busy("\(name) waits for \(RequestThreads.mostWaiting) long answers already")
            }
            shares[name] = (share, requests + 1)
            return share
        }
    }

    private func leave(_ name: String) {
        shares.withLock { shares in
            guard let (share, requests) = shares[name] else { return }
            shares[name] = requests > 1 ? (share, requests - 1) : nil
        }
    }
}

/// As many threads at a time as one principal may have.
private final class Share: TaskExecutor {
    private struct State {
        var running = 0
        var waiting: [UnownedJob] = []
    }

    private let threads: Lanes
    private let limit: Int
    private let state = Mutex(State())

    init(of threads: Lanes, limit: Int) {
        self.threads = threads
        self.limit = limit
    }

    /// How much waits for a thread.
    var waiting: Int { state.withLock { $0.waiting.count } }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.waiting.append(job) }
        startNext()
    }

    private func startNext() {
        let next: UnownedJob? = state.withLock { state in
            guard state.running < limit, !state.waiting.isEmpty else { return nil }
            state.running += 1
            return state.waiting.removeFirst()
        }
        guard let next else { return }
        threads.enqueue {
            next.runSynchronously(on: self.asUnownedTaskExecutor())
            self.state.withLock { $0.running -= 1 }
            self.startNext()
        }
    }
}
