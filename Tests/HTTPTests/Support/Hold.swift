import HTTP
import Synchronization

/// Answers that are worked on until a test ends them or their task is cancelled.
final class Hold: Sendable {
    private let state = Mutex((working: 0, cancelled: 0, isEnded: false))

    /// How much has been begun.
    var working: Int { state.withLock { $0.working } }
    /// How much of that was cancelled.
    var cancelled: Int { state.withLock { $0.cancelled } }

    func end() { state.withLock { $0.isEnded = true } }

    var handler: Handler {
        { _ in .suspend { await self.answer() } }
    }

    private func answer() async -> Response {
        state.withLock { $0.working += 1 }
        while !state.withLock({ $0.isEnded }) {
            do {
                try await Task.sleep(for: .milliseconds(2))
            } catch {
                state.withLock { $0.cancelled += 1 }
                break
            }
        }
        return .text(200, "held")
    }
}
