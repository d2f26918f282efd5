import Hypervisor
import Synchronization

/// Threads for answers that may take long: those about many machines, the past, or a large definition.
///
/// Neither the server's workers nor Swift's pool of threads, which writes wait on, see any of that work. Somebody who asks
/// for much at once gets no more than a share of the threads, so that others find one.
final class ReadThreads: Sendable {
    private let threads: Lanes
    /// How many threads one principal has at a time.
    private let share: Int
    /// By the principals' names.
    private let queues = Mutex<[String: Queue]>([:])

    private struct Queue {
        var running = 0
        var waiting: [@Sendable () -> Void] = []
    }

    /// How many answers one principal may wait for beside those that are worked on.
    private static let mostWaiting = 256

    init(processors: Int) {
        share = processors
        threads = Lanes(label: "headwater.readers", limit: 2 * processors)
    }

    /// What comes of `work`, which is done for somebody of this name when there is a thread for it.
    func run<Answer: Sendable>(
        for name: String, _ work: @escaping @Sendable () throws(ServiceError) -> Answer
    ) async throws(ServiceError) -> Answer {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Answer, ServiceError>, Never>) in
            let isTaken = enqueue(name) {
                let result = Result { () throws(ServiceError) in try work() }
                self.finish(name)
                continuation.resume(returning: result)
            }
            guard !isTaken else { return }
            let detail = "\(name) waits for \(ReadThreads.mostWaiting) long answers already"
            continuation.resume(returning: .failure(.busy(detail)))
        }
        return try result.get()
    }

    /// - Returns: false if too much waits already.
    private func enqueue(_ name: String, _ job: @escaping @Sendable () -> Void) -> Bool {
        let isTaken = queues.withLock { queues in
            guard queues[name, default: Queue()].waiting.count < ReadThreads.mostWaiting else { return false }
            queues[name, default: Queue()].waiting.append(job)
            return true
        }
        if isTaken { startNext(of: name) }
        return isTaken
    }

    private func startNext(of name: String) {
        let job: (@Sendable () -> Void)? = queues.withLock { queues in
            guard var queue = queues[name], queue.running < share, !queue.waiting.isEmpty else { return nil }
            let job = queue.waiting.removeFirst()
            queue.running += 1
            queues[name] = queue
            return job
        }
        if let job { threads.enqueue(job) }
    }

    private func finish(_ name: String) {
        queues.withLock { queues in
            guard var queue = queues[name] else { return }
            queue.running -= 1
            queues[name] = queue.running == 0 && queue.waiting.isEmpty ? nil : queue
        }
        startNext(of: name)
    }
}
