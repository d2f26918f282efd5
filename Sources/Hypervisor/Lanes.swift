import Dispatch
import Synchronization

/// Threads for one kind of work that blocks or takes a while: the calls of one hypervisor, lists of machines, passwords.
///
/// A lane is a serial queue, which Dispatch gives a thread whenever it has work, however many others are blocked. What
/// does not find a lane waits its turn. Neither Swift's own pool of threads, one a processor, nor the workers of a server
/// see any of it.
package final class Lanes: Sendable {
    private let state: Mutex<State>
    private let label: String

    private struct State {
        var limit: Int
        var busy = 0
        var idle: [DispatchQueue] = []
        var waiting: [@Sendable () -> Void] = []
    }

    /// - Parameter limit: how many pieces of work are under way at a time.
    package init(label: String, limit: Int) {
        self.label = label
        state = Mutex(State(limit: limit))
    }

    /// Sets how many calls may be under way at once.
    func allow(_ limit: Int) {
        state.withLock { $0.limit = max(1, limit) }
        while let (lane, work) = next() { run(work, on: lane) }
    }

    /// What comes of `work`, which is done on a lane when there is one.
    package func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            enqueue { continuation.resume(returning: work()) }
        }
    }

    /// Does `work` on a lane, when there is one.
    package func enqueue(_ work: @escaping @Sendable () -> Void) {
        state.withLock { $0.waiting.append(work) }
        if let (lane, work) = next() { run(work, on: lane) }
    }

    private func run(_ work: @escaping @Sendable () -> Void, on lane: DispatchQueue) {
        lane.async {
            work()
            self.state.withLock {
                $0.busy -= 1
                $0.idle.append(lane)
            }
            if let (lane, work) = self.next() { self.run(work, on: lane) }
        }
    }

    private func next() -> (DispatchQueue, @Sendable () -> Void)? {
        state.withLock { state in
            guard state.busy < state.limit, !state.waiting.isEmpty else { return nil }
            state.busy += 1
            return (state.idle.popLast() ?? DispatchQueue(label: label), state.waiting.removeFirst())
        }
    }
}
