import Hypervisor
import Synchronization
import Testing
import Tree

/// Listens to what hypervisors say.
final class Ear: Sendable {
    private let heard = Mutex<Set<EntryID>>([])
    private let listening = Mutex<Task<Void, Never>?>(nil)

    init(_ connections: Connections) {
        let changes = connections.changes()
        let task = Task { [weak self] in
            for await id in changes { self?.heard.withLock { _ = $0.insert(id) } }
        }
        listening.withLock { $0 = task }
    }

    deinit {
        listening.withLock { $0?.cancel() }
    }

    /// Whether there were news since the last wait for some began.
    func hasHeard(of id: EntryID) -> Bool { heard.withLock { $0.contains(id) } }

    /// Does something, and waits for the news of it, which must come within 20 seconds.
    func expect(
        _ id: EntryID, _ what: String, sourceLocation: SourceLocation = #_sourceLocation,
        _ step: () async throws -> Void
    ) async throws {
        // What came before is still coming: none of it is to be taken for the news.
        repeat {
            heard.withLock { _ = $0.remove(id) }
            try await Task.sleep(for: .milliseconds(300))
        } while hasHeard(of: id)
        try await step()
        for _ in 0..<2_000 {
            if hasHeard(of: id) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("nothing was said: \(what)", sourceLocation: sourceLocation)
    }
}
