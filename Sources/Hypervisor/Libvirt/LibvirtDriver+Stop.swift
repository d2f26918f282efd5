import Lifecycle
import Tree

extension LibvirtDriver {
    /// The time between two looks at a guest that is to shut down.
    private static let pace = Duration.milliseconds(200)
    /// The time after which a guest is asked again: one that is still booting does not hear it.
    private static let insistence = Duration.seconds(5)

    func stop(_ id: EntryID, grace: Duration) async throws(DriverError) {
        let clock = ContinuousClock()
        let end = clock.now + grace
        var nextAsking = clock.now
        while clock.now < end {
            let isAsking = clock.now >= nextAsking
            if isAsking { nextAsking = clock.now + Self.insistence }
            switch try await look(id, isAsking: isAsking) {
            case .stopped: return
            case .deaf: return try await cut(id)
            case .running: break
            }
            do {
                try await clock.sleep(until: min(clock.now + Self.pace, end))
            } catch {
                throw DriverError(
                    .cancelled, hypervisor: endpoint.name, machine: id,
                    "the call was given up while the guest was shutting down")
            }
        }
        try await cut(id)
    }

    private enum Guest {
        case running
        case stopped
        /// It cannot be asked to shut down.
        case deaf
    }

    private func look(_ id: EntryID, isAsking: Bool) async throws(DriverError) -> Guest {
        try await with(id) { _, domain throws(LibvirtError) in
            guard try domain.isActive() else { return .stopped }
            guard isAsking else { return .running }
            do throws(LibvirtError) {
                try domain.shutdown()
                return .running
            } catch {
                return try domain.isActive() ? error.kind == .unsupported ? .deaf : .running : .stopped
            }
        }
    }

    private func cut(_ id: EntryID) async throws(DriverError) {
        try await with(id) { _, domain throws(LibvirtError) in
            try domain.cut()
        }
    }
}
