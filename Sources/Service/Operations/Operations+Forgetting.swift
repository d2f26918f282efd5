import Logging
import Store
import Tree

extension Operations {
    /// Gives up what is being done to machines that are to be forgotten: it would wait for their hypervisors.
    func giveUp(on machines: Set<EntryID>) async {
        for operation in open.values {
            guard let machine = operation.machine, machines.contains(machine) else { continue }
            // One that has ended meanwhile needs no cancelling.
            _ = try? await cancel(operation.id)
        }
    }

    /// Has the audit log name what nobody will look after any more.
    func noteForgotten(_ left: String, _ operation: Operation) {
        let entry = AuditEntry(
            time: Clock.now, principal: operation.principal, action: "forget", path: operation.path, subject: left)
        do {
            try store.append([entry])
        } catch {
            log.error("the audit log cannot be written; left behind by operation \(operation.id): \(left): \(error)")
        }
    }
}
