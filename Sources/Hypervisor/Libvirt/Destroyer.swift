import Lifecycle
import Tree
import XML

/// Removes a machine with those of its disks that were made for it.
///
/// A volume is one of these only if the record (`disks`), the volume's own name and the domain's source agree. Whatever else
/// is found stops it before anything is done.
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
        var volumes: [Volume] = []
        if let mark, mark.isMaking {
            try Storage(connection: connection).deleteBegun(mark)
        } else if !keepDisks {
            let used = DomainDisk.all(of: live)
            for disk in disks {
                let volume = try about("disk \(disk.name)") { () throws(LibvirtError) -> Volume? in
                    try self.volume(of: disk, mark, had, used)
                }
                if let volume { volumes.append(volume) }
            }
        }
        var deleted: Set<String> = []
        for volume in volumes {
            if let path = try lookup({ () throws(LibvirtError) in try volume.path() }) { deleted.insert(path) }
        }
        try domain.cut()
        // What a firmware remembers belongs to the disks that it boots from, and is whosever these are.
        let keepsNVRAM = keepDisks || mark == nil
        // The domain first: should it end between, the record still tells which the volumes are.
        _ = try lookup { () throws(LibvirtError) in try domain.undefine(keepsNVRAM: keepsNVRAM) }
        for volume in volumes { _ = try lookup { () throws(LibvirtError) in try volume.delete() } }
        let left = had.filter { disk in
            !disk.place.isEmpty && !deleted.contains(disk.place)
                && (keepDisks || !disks.contains { disk.isVolume(named: $0.volume(of: id)) })
        }
        .map(\.place)
        // libvirt chooses the file at a start and tells it while the VM runs, unless somebody wrote which one it is.
        let nvram = keepsNVRAM ? [live, description].compactMap { $0.first("os", "nvram")?.text }.first ?? "" : ""
        return nvram.isEmpty ? left : left + [nvram]
    }

    /// The volume to delete of a disk; nil: there is none any more.
    private func volume(
        of disk: Disk, _ mark: Mark?, _ had: [DomainDisk], _ used: [DomainDisk]
    ) throws(LibvirtError) -> Volume? {
        let name = disk.volume(of: id)
        let target = mark?.disks.first { $0.name == disk.name }?.target
        let instead = had.first { $0.target == target && !$0.isVolume(named: name) }
        if let instead { throw LibvirtError(.conflict, Message.replaced(by: instead.place)) }
        guard let pool = try connection.pool(named: disk.pool.name) else {
            throw LibvirtError(.conflict, Message.noPool(disk.pool.name))
        }
        guard try pool.isActive() else { throw LibvirtError(.conflict, Message.poolOff(disk.pool.name)) }
        // The same call may have been cut off and still be done.
        guard let volume = try pool.presentVolume(named: name),
            let path = try lookup({ () throws(LibvirtError) in try volume.path() })
        else { return nil }
        let places = [path, "\(disk.pool.name)/\(name)"]
        for disks in [had, used] {
            guard !disks.contains(where: { places.contains($0.place) }) else { continue }
            let others = disks.filter { !$0.isVolume(named: name) }
            guard mark == nil, others.count == 1 else { throw LibvirtError(.conflict, Message.detached(name)) }
            throw LibvirtError(.conflict, Message.replaced(by: others.first?.place ?? ""))
        }
        return volume
    }

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
            guard let volume = try pool.presentVolume(named: name),
                let path = try lookup({ () throws(LibvirtError) in try volume.path() })
            else { continue }
            if keepDisks {
                left.append(path)
            } else if let user = try connection.domain(using: [path, "\(disk.pool.name)/\(name)"]) {
                throw LibvirtError(.conflict, "disk \(disk.name): \(Message.used(by: user))")
            } else {
                volumes.append(volume)
            }
        }
        for volume in volumes { _ = try lookup { () throws(LibvirtError) in try volume.delete() } }
        return left
    }
}
