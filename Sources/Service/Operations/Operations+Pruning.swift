import Logging
import Store

extension Operations {
    /// The time between two prunings.
    private static let pruningPause = Duration.seconds(3600)
    /// How many operations are forgotten in one transaction, so that none holds up others for long.
    private static let batch = 200

    /// Forgets operations that ended long ago, again and again until the task is cancelled.
    nonisolated func prune() async {
        while !Task.isCancelled {
            if await pruneBatch() { continue }
            try? await Task.sleep(for: Operations.pruningPause)
        }
    }

    /// - Returns: whether there may be more.
    private func pruneBatch() -> Bool {
        let retention = options.operationRetention
        let end = Clock.now - Int(clamping: retention.age.components.seconds) * 1000
        do {
            return try store.prune(endedBefore: end, keeping: retention.count, limit: Operations.batch)
                == Operations.batch
        } catch {
            log.error("operations that ended long ago cannot be forgotten: \(error)")
            return false
        }
    }
}
