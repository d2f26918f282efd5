import Hypervisor
import Lifecycle
import Store
import Tree

extension Work {
    /// Refuses what an earlier run of the service accepted and cannot be done any more as it was meant: a restart of which
    /// nobody knows whether it was done, and the destruction of a machine that somebody has switched on since.
    func refuseOutdated(_ operation: Operation) async throws(Setback) {
        switch order.verb {
        case .reboot, .reset:
            guard operation.steps.contains(where: { $0.text == order.verb.rawValue }) else { return }
            throw .failed(
                .conflict(
                    operation.path,
                    "\(operation.path): the service ended before it knew whether the hypervisor had done it; it is not done "
                        + "twice: \(order.verb.rawValue) the machine again if it needs that"))
        case .destroy, .rebuild:
            let isBegun = operation.steps.contains { $0.text == "\(Action.destroy)" }
            // What is forgotten is not asked for: its hypervisor does not answer.
            guard !isBegun, !order.forgets else { return }
            let isOn = try await attempt { () async throws(ServiceError) in try await isSwitchedOnSince() }
            guard isOn else { return }
            throw .failed(
                .conflict(
                    operation.path,
                    "\(operation.path): the VM was off when the service ended, and somebody has switched it on since; it is "
                        + "left as it is: ask again for \(order.verb.rawValue) if that is still wanted"))
        case .create, .start, .stop, .poweroff, .pause, .resume, .reconcile, .adopt, .release: return
        }
    }

    /// Asks the hypervisor whether a machine runs that did not when it was last seen.
    private func isSwitchedOnSince() async throws(ServiceError) -> Bool {
        let (before, endpoint) = try await writer.update(id) { snapshot, record throws(ServiceError) in
            let folder = snapshot.entry(id)?.path.parent ?? .root
            return (record.machine.state, snapshot.endpoint(of: record, in: folder))
        }
        guard let endpoint, before == .created || before == .stopped else { return false }
        try await look(hypervisors.driver(for: endpoint)) { $0.map(Event.observed) ?? .vanished }
        let after = try await writer.update(id) { _, record throws(ServiceError) in record.machine.state }
        return [.running, .paused, .stopping].contains(after)
    }
}
