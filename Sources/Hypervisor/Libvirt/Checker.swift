import Lifecycle
import Tree
import XML

/// Finds out whether a machine can be made, before another one is taken away for it, and reserves the room that it takes.
struct Checker {
    let specification: Specification
    /// The disks of the one that is taken away.
    let replaced: [Disk]
    let connection: ConnectionHandle

    private var storage: Storage { Storage(connection: connection) }

    /// A volume that goes before the machine is made.
    private struct Old {
        let pool: String
        let name: String
        let path: String
        let allocation: Int
    }

    func check() throws(LibvirtError) {
        let old = try oldVolumes()
        var needs: [RoomReservations.Need] = []
        var pools: [StoragePool] = []
        for disk in specification.disks {
            try about("disk \(disk.name)") { () throws(LibvirtError) in
                let pool = try storage.pool(disk.pool)
                // libvirt knows the room that there was when it looked last. A pool that it fills it cannot look at.
                if !pools.contains(where: { $0.name == pool.name }) { try? pool.refresh(patience: .zero) }
                let name = disk.volume(of: specification.id)
                try refuseExisting(name, in: pool, beside: old)
                try refuseOwnImage(of: disk, old)
                let room = try storage.room(for: disk, in: pool)
                needs.append(RoomReservations.Need(pool: pool.name, volume: name, bytes: room))
                if !pools.contains(where: { $0.name == pool.name }) { pools.append(pool) }
            }
        }
        for cdrom in specification.cdroms { _ = try storage.place(of: cdrom) }
        for nic in specification.nics {
            guard case .network(let name) = nic.network, try !connection.hasNetwork(named: name) else { continue }
            throw LibvirtError(.notFound, "nic \(nic.name): there is no network \"\(name)\"")
        }
        try tryOut()
        try connection.reservations.reserve(needs, for: specification.id) { others throws(LibvirtError) in
            for pool in pools { try checkRoom(in: pool, needs, others, old) }
        }
    }

    private func oldVolumes() throws(LibvirtError) -> [Old] {
        var old: [Old] = []
        for disk in replaced {
            guard let pool = try connection.pool(named: disk.pool.name), try pool.isActive(),
                let volume = try pool.knownVolume(named: disk.volume(of: specification.id))
            else { continue }
            old.append(
                Old(
                    pool: pool.name, name: volume.name, path: try volume.path(),
                    allocation: try volume.sizes().allocation.bytes))
        }
        return old
    }

    /// What lies in another pool than the machine's disk is not taken away for it, and not written over.
    private func refuseExisting(_ name: String, in pool: StoragePool, beside old: [Old]) throws(LibvirtError) {
        guard !old.contains(where: { $0.pool == pool.name && $0.name == name }),
            try pool.presentVolume(named: name) != nil
        else { return }
        throw LibvirtError(.conflict, Message.notOwn(name, pool: pool.name))
    }

    /// An image that is one of the machine's own disks, or holds only the differences from one, is worth nothing when these
    /// have gone.
    private func refuseOwnImage(of disk: Disk, _ old: [Old]) throws(LibvirtError) {
        guard let image = disk.origin.image, !old.isEmpty else { return }
        let chain = try storage.chain(of: try storage.volume(of: image))
        guard let own = old.first(where: { chain.contains($0.path) }) else { return }
        throw LibvirtError(
            .conflict, "image \(image.name): it needs \(own.path), a disk that goes with the VM as it is")
    }

    /// Whether a pool has room for the machine, and for all that is still to come of others.
    private func checkRoom(
        in pool: StoragePool, _ needs: [RoomReservations.Need], _ others: [RoomReservations.Need], _ old: [Old]
    ) throws(LibvirtError) {
        guard let available = pool.available?.bytes else { return }
        let freed = old.filter { $0.pool == pool.name }.reduce(0) { $0 + $1.allocation }
        let needed = needs.filter { $0.pool == pool.name }.reduce(0) { $0 + $1.bytes } - freed
        let promised = others.filter { $0.pool == pool.name }.reduce(0) { sum, other in
            // The volume that is there goes first, or is the one that is being filled: what it has is not to come.
            let taken = (try? pool.volume(named: other.volume)?.sizes().allocation.bytes) ?? 0
            return sum + max(0, other.bytes - taken)
        }
        guard needed > 0, needed > available - promised else { return }
        let room = Size(bytes: max(0, available - promised))
        let beside = promised > 0 ? " beside what other VMs are about to take" : ""
        throw LibvirtError(
            .failed,
            "the storage pool \"\(pool.name)\" is full; it has room for \(room)\(beside), and \(Size(bytes: needed)) is "
                + "needed")
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
