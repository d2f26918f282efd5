import Lifecycle
import Tree
import XML

/// Writes into a machine's description what differs between two specifications.
struct Updater {
    let before: Specification
    let after: Specification
    let connection: ConnectionHandle

    func update() throws(LibvirtError) {
        guard let domain = try connection.domain(after.id) else { throw LibvirtError(.notFound, Message.noMachine) }
        let description = try Element.parse(try domain.xml())
        guard let mark = Mark(domain: description), !mark.isMaking else {
            throw LibvirtError(.conflict, Message.foreign)
        }
        let storage = Storage(connection: connection)
        var cds: [String: Place] = [:]
        for cdrom in after.cdroms where !before.cdroms.contains(cdrom) {
            cds[cdrom.name] = try storage.place(of: cdrom)
        }
        let edit = DomainEdit(before: before, after: after, mark: mark, host: connection.host, cds: cds)
        let changed = try edit.applied(to: description)
        guard changed != description else { return }
        if domain.hasSavedState { throw LibvirtError(.conflict, Message.saved) }
        _ = try connection.define(changed.serialized)
    }
}
