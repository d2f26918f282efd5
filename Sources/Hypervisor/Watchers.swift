import Synchronization
import Tree

/// Tells whoever listens which machines something happened to.
final class Watchers: Sendable {
    private struct State {
        var listeners: [Int: AsyncStream<EntryID>.Continuation] = [:]
        var last = 0
    }

    private let state = Mutex(State())

    /// How many that nobody has taken are kept for a listener; of more, the newest.
    private static let limit = 10_000

    func listen() -> AsyncStream<EntryID> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: EntryID.self, bufferingPolicy: .bufferingNewest(Watchers.limit))
        let number = state.withLock { state in
            state.last += 1
            state.listeners[state.last] = continuation
            return state.last
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.listeners.removeValue(forKey: number) }
        }
        return stream
    }

    func tell(_ id: EntryID) {
        let listeners = state.withLock { Array($0.listeners.values) }
        for listener in listeners { listener.yield(id) }
    }
}
