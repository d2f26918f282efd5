import Hypervisor
import Lifecycle
import Store
import Tree

extension Work {
    /// Refuses what an earlier run of the service accepted and cannot be done any more as it was meant: a restart of which
    /// nobody knows whether it was done, and what is done for good to a machine that is another one by now, or that
    /// somebody has switched on since.
    func refuseOutdated(_ operation: Operation) async throws(Setback) {
        switch order.verb {
        case .reboot, .reset:
            guard operation.steps.contains(where: { $0.text == order.verb.rawValue }) else { return }
            throw .failed(
                .conflict(
                    operation.path,
                    "\(operation.path): the service ended before it knew whether the hypervisor had done it; it is not done "
                        + "twice: \(order.verb.rawValue) the machine again if it needs that"))
        case .destroy, .rebuild, .stop, .poweroff:
            // What is forgotten is not asked for: its hypervisor does not answer.
            guard !order.forgets else { return }
            try await attempt { () async throws(ServiceError) in try await refuseChanged(operation) }
        case .create, .start, .pause, .resume, .reconcile, .adopt, .release: return
        }
    }

    /// Asks the hypervisor, and refuses a machine that is not the one which the operation was accepted for.
    private func refuseChanged(_ operation: Operation) async throws(ServiceError) {
        let before = try await record()
        guard before.record.machine.state != .provisioned, let endpoint = before.endpoint else { return }
        try await look(hypervisors.driver(for: endpoint)) { $0.map(Event.observed) ?? .vanished }
        let after = try await record().record
        if let found = after.observed?["build"]?.integer, found != after.build {
            let error = ResumptionError.otherMachine(operation.path, order.verb, after.build, found: found)
            throw .conflict(operation.path, "\(error)")
        }
        if [.stop, .poweroff].contains(order.verb), let run = before.record.observed?["run"]?.integer,
            let found = after.observed?["run"]?.integer, found != run
        {
            throw .conflict(operation.path, "\(ResumptionError.switchedOnAgain(operation.path, order.verb))")
        }
        let isBegun = operation.steps.contains { $0.text == "\(Action.destroy)" }
        guard [.destroy, .rebuild].contains(order.verb), !isBegun,
            [.created, .stopped].contains(before.record.machine.state),
            [.running, .paused, .stopping].contains(after.machine.state)
        else { return }
        throw .conflict(
            operation.path,
            "\(operation.path): the VM was off when the service ended, and somebody has switched it on since; it is "
                + "left as it is: ask again for \(order.verb.rawValue) if that is still wanted")
    }

    private func record() async throws(ServiceError) -> (record: Record, endpoint: Endpoint?) {
        try await writer.update(id) { snapshot, record throws(ServiceError) in
            let folder = snapshot.entry(id)?.path.parent ?? .root
            return (record, snapshot.endpoint(of: record, in: folder))
        }
    }
}

extension Verb {
    /// Whether it takes from a machine what doing it once more does not bring back: its disks, or what its guest is at.
    var isDestructive: Bool {
        switch self {
        case .destroy, .rebuild, .stop, .poweroff: true
        case .create, .start, .reboot, .reset, .pause, .resume, .reconcile, .adopt, .release: false
        }
    }
}
