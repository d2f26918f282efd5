import Lifecycle
import Tree
import XML

/// Finds out whether a machine can be made, before another one is taken away for it.
struct Checker {
    let specification: Specification
    let connection: ConnectionHandle

    private var storage: Storage { Storage(connection: connection) }

    func check() throws(LibvirtError) {
        var needs: [(pool: StoragePool, room: Int)] = []
        for disk in specification.disks {
            try about("disk \(disk.name)") { () throws(LibvirtError) in
                let pool = try storage.pool(disk.pool)
                let room = try storage.room(for: disk, in: pool) - freed(by: disk, in: pool)
                if let index = needs.firstIndex(where: { $0.pool.name == pool.name }) {
                    needs[index].room += room
                } else {
                    needs.append((pool, room))
                }
            }
        }
        for (pool, room) in needs {
            guard let available = pool.available, room > available.bytes else { continue }
            throw LibvirtError(
                .failed,
                "the storage pool \"\(pool.name)\" is full; it has room for \(available), and \(Size(bytes: room)) is needed"
            )
        }
        var cds: [Place?] = []
        for cdrom in specification.cdroms { cds.append(try storage.place(of: cdrom)) }
        for nic in specification.nics {
            guard case .network(let name) = nic.network, try !connection.hasNetwork(named: name) else { continue }
            throw LibvirtError(.notFound, "nic \(nic.name): there is no network \"\(name)\"")
        }
        try tryOut()
    }

    /// How much room the volume that it has now gives back.
    private func freed(by disk: Disk, in pool: StoragePool) throws(LibvirtError) -> Int {
        try pool.knownVolume(named: disk.volume(of: specification.id))?.sizes().allocation.bytes ?? 0
    }

    /// What libvirt itself objects to shows when a domain is written, so one is, under another UUID that is always the same
    /// for a machine: should it be left behind, the next check takes it away.
    private func tryOut() throws(LibvirtError) {
        var trial = specification.bare
        trial.id = specification.id.trial
        if let left = try connection.domain(trial.id) {
            guard Mark(domain: try .parse(try left.xml()))?.isMaking == true else { return }
            try left.undefine()
        }
        var description = DomainDescription(
            specification: trial, host: connection.host, name: "\(specification.name)~\(trial.id)", disks: [], cds: [])
        description.making = []
        try connection.define(description.element.serialized).undefine()
    }
}

extension EntryID {
    /// Another UUID made of this one: of version 8 (RFC 9562 §5.8), or 4 if this one is.
    fileprivate var trial: EntryID {
        var digits = Array(description)
        guard digits.indices.contains(14) else { return self }
        digits[14] = digits[14] == "8" ? "4" : "8"
        return EntryID(String(digits)) ?? self
    }
}
