import Dispatch

@testable import Service

extension DispatchSemaphore {
    /// Work that keeps its thread until this is signalled.
    var blocking: @Sendable () async throws(ServiceError) -> Void {
        { () async throws(ServiceError) in self.block() }
    }

    private func block() { wait() }
}
