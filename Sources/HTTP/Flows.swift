import Synchronization

/// The bodies that are being sent part by part.
final class Flows: Sendable {
    private struct State {
        var open: [ObjectIdentifier: Flow] = [:]
        /// No more are taken.
        var isClosed = false
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.open.count } }

    /// False when no more are taken.
    func add(_ flow: Flow) -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            state.open[ObjectIdentifier(flow)] = flow
            return true
        }
    }

    func remove(_ flow: Flow) {
        state.withLock { _ = $0.open.removeValue(forKey: ObjectIdentifier(flow)) }
    }

    /// Ends all, and takes no more. When it returns none is suspended, and none will be.
    func end() {
        let flows = state.withLock { state in
            state.isClosed = true
            return Array(state.open.values)
        }
        for flow in flows { flow.end() }
    }
}
