import Lifecycle
import Tree
import XML

/// Removes a machine with those of its disks that were made for it.
///
/// A volume is one of these only if the record (`disks`), the volume's own name and the domain's source agree, and if nothing
/// else needs it. Whatever else is found stops it before anything is done.
struct Destroyer {
    let id: EntryID
    let disks: [Disk]
    let keepDisks: Bool
    let connection: ConnectionHandle

    /// - Returns: the places of the disks that are left.
    func destroy() throws(LibvirtError) -> [String] {
        guard let domain = try connection.domain(id),
            let text = try lookup({ () throws(LibvirtError) in try domain.xml() })
        else { return try destroyLeftovers() }
        let description = try Element.parse(text)
        let live = try Element.parse(try lookup { () throws(LibvirtError) in try domain.liveXML() } ?? text)
        let mark = Mark(domain: description)
        let had = DomainDisk.all(of: description)
        // The disks of a machine that was adopted are nobody's here.
        guard mark != nil || disks.isEmpty else { throw LibvirtError(.conflict, Message.unmarked) }
        let used = DomainDisk.all(of: live)
        var volumes: [Volume] = []
        // What will be there no more, or is not there now; and what goes on being there beside the disks.
        var gone: [String] = []
        var left: [String] = []
        if let mark, mark.isMaking {
            try Storage(connection: connection).deleteBegun(mark)
        } else if !keepDisks {
            for disk in disks {
                try about("disk \(disk.name)") { () throws(LibvirtError) in
                    let own = try self.volume(of: disk, mark, had, used)
                    gone += own.places
                    guard let volume = own.volume else { return }
                    volumes.append(volume)
                    left += try snapshots(of: own)
                }
            }
        }
        // What QEMU has made beside them is no volume before that.
        if keepDisks { for disk in disks { try? connection.pool(named: disk.pool.name)?.refresh(patience: .zero) } }
        left = had.map(\.place).filter { !$0.isEmpty && !gone.contains($0) } + left
        for disk in had + used { left += below(disk).filter { !gone.contains($0) && !left.contains($0) } }
        try domain.cut()
        // What a firmware remembers belongs to the disks that it boots from, and is whosever these are.
        let keepsNVRAM = keepDisks || mark == nil
        // The domain first: should it end between, the record still tells which the volumes are.
        _ = try lookup { () throws(LibvirtError) in try domain.undefine(keepsNVRAM: keepsNVRAM) }
        for volume in volumes { _ = try lookup { () throws(LibvirtError) in try volume.delete() } }
        // libvirt chooses the file at a start and tells it while the VM runs, unless somebody wrote which one it is.
        let nvram = keepsNVRAM ? [live, description].compactMap { $0.first("os", "nvram")?.text }.first ?? "" : ""
        return nvram.isEmpty ? left : left + [nvram]
    }

    /// The volume of a disk.
    private struct Own {
        let pool: StoragePool
        /// Nil: there is none any more.
        let volume: Volume?
        /// What a domain may call it: by path, or by pool and volume.
        let places: [String]
    }

    private func own(_ disk: Disk, in pool: StoragePool) throws(LibvirtError) -> Own {
        let name = disk.volume(of: id)
        let volume = try pool.presentVolume(named: name)
        var path = try volume.flatMap { volume throws(LibvirtError) in
            try lookup { () throws(LibvirtError) in try volume.path() }
        }
        if path == nil {
            let directory = try Element.parse(try pool.xml()).first("target", "path")?.text
            path = directory.map { "\($0)/\(name)" }
        }
        return Own(pool: pool, volume: volume, places: [path, "\(disk.pool.name)/\(name)"].compactMap { $0 })
    }

    /// The volume to delete of a disk.
    private func volume(
        of disk: Disk, _ mark: Mark?, _ had: [DomainDisk], _ used: [DomainDisk]
    ) throws(LibvirtError) -> Own {
        let name = disk.volume(of: id)
        guard let pool = try connection.pool(named: disk.pool.name) else {
            throw LibvirtError(.conflict, Message.noPool(disk.pool.name))
        }
        guard try pool.isActive() else { throw LibvirtError(.conflict, Message.poolOff(disk.pool.name)) }
        let own = try own(disk, in: pool)
        let target = mark?.disks.first { $0.name == disk.name }?.target
        let instead = had.first { $0.target == target && !own.places.contains($0.place) }
        if let instead { throw LibvirtError(.conflict, Message.replaced(by: instead.place)) }
        // The same call may have been cut off and still be done.
        guard own.volume != nil else { return own }
        for disks in [had, used] where !disks.contains(where: { own.places.contains($0.place) }) {
            throw LibvirtError(.conflict, Message.detached(name))
        }
        if let user = try connection.domain(using: own.places, besides: id) {
            throw LibvirtError(.conflict, Message.used(by: user))
        }
        return own
    }

    /// The files that snapshots of a disk have left, which the machine has no more. Those of others stop it.
    private func snapshots(of own: Own) throws(LibvirtError) -> [String] {
        let overlays = try own.places.first.map { path throws(LibvirtError) in
            try connection.overlays(of: path, in: own.pool)
        }
        for overlay in overlays ?? [] where !isOwn(overlay) {
            throw LibvirtError(.conflict, Message.basis(of: overlay))
        }
        return overlays ?? []
    }

    /// The files that a disk which is left is an overlay of, as far as they were made for this machine.
    private func below(_ disk: DomainDisk) -> [String] {
        var chain = disk.backing
        // The files of a machine that is off libvirt tells only by the volumes that they are.
        var top: String? = chain.isEmpty ? disk.place : nil
        while let place = top, chain.count < 64 {
            top = try? connection.volume(atPath: place).flatMap { volume throws(LibvirtError) in
                try Element.parse(try volume.xml()).first("backingStore", "path")?.text
            }
            if let top { chain.append(top) }
        }
        return Array(chain[..<(chain.lastIndex(where: isOwn).map { $0 + 1 } ?? 0)])
    }

    /// Whether a file bears the name of a disk of this machine.
    private func isOwn(_ path: String) -> Bool { path.split(separator: "/").last?.hasPrefix("\(id)-") == true }

    /// Deletes the volumes of a machine whose domain is gone, unless another domain has them by now.
    private func destroyLeftovers() throws(LibvirtError) -> [String] {
        var left: [String] = []
        var volumes: [Volume] = []
        for disk in disks {
            let name = disk.volume(of: id)
            guard let pool = try connection.pool(named: disk.pool.name), try pool.isActive() else {
                left.append("\(disk.pool.name)/\(name), if it is there: its storage pool is not")
                continue
            }
            let own = try own(disk, in: pool)
            guard let volume = own.volume, let path = own.places.first else { continue }
            if keepDisks {
                left.append(path)
                continue
            }
            let reason: String?
            if let user = try connection.domain(using: own.places) {
                reason = Message.used(by: user)
            } else {
                reason = try connection.overlays(of: path, in: pool).first.map(Message.basis)
            }
            if let reason { throw LibvirtError(.conflict, "disk \(disk.name): \(reason)") }
            volumes.append(volume)
        }
        for volume in volumes { _ = try lookup { () throws(LibvirtError) in try volume.delete() } }
        return left
    }
}
