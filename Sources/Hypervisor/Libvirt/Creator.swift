import Lifecycle
import Tree
import XML

/// Makes a machine with its disks.
///
/// The domain is there first, without disks, and its mark says that it is being made and which volumes are begun. So what a
/// creation that was cut off has left can be told from what was there before, and only that is taken away. A domain that is
/// being made is no machine yet: it is not observed.
struct Creator {
    let specification: Specification
    let keepDisks: Bool
    let connection: ConnectionHandle

    private var storage: Storage { Storage(connection: connection) }

    /// A disk with the volume that it has already, or is to have.
    private struct Part {
        let disk: Disk
        let pool: StoragePool
        let name: String
        var volume: Volume?
    }

    /// - Returns: the names of the disks that were there.
    func create() throws(LibvirtError) -> [String] {
        let name: String
        if let domain = try connection.domain(specification.id) {
            let description = try Element.parse(try domain.xml())
            guard let mark = Mark(domain: description) else { throw LibvirtError(.conflict, Message.foreign) }
            guard mark.isMaking else {
                try number(description, mark)
                return mark.disks.map(\.name)
            }
            try storage.deleteBegun(mark)
            name = domain.name
        } else {
            name = try freeName()
        }
        var parts: [Part] = []
        for disk in specification.disks {
            let part = try about("disk \(disk.name)") { () throws(LibvirtError) -> Part in try self.part(of: disk) }
            parts.append(part)
        }
        let taken = parts.filter { $0.volume != nil }.map(\.disk.name)
        var description = DomainDescription(
            specification: specification.bare, host: connection.host, name: name, disks: [], cds: [])
        description.making = parts.filter { $0.volume == nil }
            .map { Mark.Disk(name: $0.disk.name, target: "", pool: $0.disk.pool.name, volume: $0.name) }
        var reverter = Reverter()
        do throws(LibvirtError) {
            let domain = try define(&description)
            reverter.did("domain \(domain.name)") { () throws(LibvirtError) in try domain.undefine() }
            try complete(&parts, name: description.name, &reverter)
        } catch {
            throw reverter.revert(after: error)
        }
        return taken
    }

    /// Makes the volumes that are not there, and writes the domain with all its disks.
    private func complete(
        _ parts: inout [Part], name: String, _ reverter: inout Reverter
    ) throws(LibvirtError) {
        var disks: [(place: Place, pool: String, volume: String)] = []
        for index in parts.indices {
            let part = parts[index]
            let place = try about("disk \(part.disk.name)") { () throws(LibvirtError) in
                var volume = part.volume
                if volume == nil {
                    volume = try storage.create(part.disk, named: part.name, in: part.pool, &reverter)
                }
                let path = try volume?.path() ?? ""
                return Place(of: part.name, path: path, in: try .parse(try part.pool.xml()))
            }
            disks.append((place, part.disk.pool.name, part.name))
        }
        var cds: [Place?] = []
        for cdrom in specification.cdroms { cds.append(try storage.place(of: cdrom)) }
        let description = DomainDescription(
            specification: specification, host: connection.host, name: name, disks: disks, cds: cds)
        // Somebody may have started it by hand before it had its disks, and it would run on without them.
        try connection.define(description.element.serialized).cut()
    }

    private func part(of disk: Disk) throws(LibvirtError) -> Part {
        let pool = try storage.pool(disk.pool)
        let name = disk.volume(of: specification.id)
        let volume = keepDisks ? try pool.presentVolume(named: name) : try pool.knownVolume(named: name)
        if let volume {
            guard keepDisks else { throw LibvirtError(.conflict, Message.existing(name, pool: disk.pool.name)) }
            if let user = try connection.domain(using: [try volume.path(), "\(disk.pool.name)/\(name)"]) {
                throw LibvirtError(.conflict, Message.used(name, by: user))
            }
            if let overlay = try connection.overlays(of: try volume.path(), in: pool).first {
                throw LibvirtError(.conflict, Message.backing(name, of: overlay))
            }
        } else if keepDisks, let instead = try otherVolume(of: disk, in: pool) {
            throw LibvirtError(.conflict, Message.otherVolume(name, instead: instead))
        }
        return Part(disk: disk, pool: pool, name: name, volume: volume)
    }

    /// Where a volume of another format, or in another pool, is that was made for the disk; nil: nowhere.
    private func otherVolume(of disk: Disk, in home: StoragePool) throws(LibvirtError) -> String? {
        let beginning = "\(specification.id)-\(disk.name)."
        for pool in [home] + (try connection.pools()) {
            let volumes = pool.name == home.name ? try pool.volumes() : (try? pool.volumes()) ?? []
            if let other = volumes.first(where: { $0.name.hasPrefix(beginning) }) { return try other.path() }
        }
        return nil
    }

    /// Has a machine that is complete say which one it is: it was made by a call whose answer nobody waited for, unless it
    /// was made of something else.
    private func number(_ description: Element, _ mark: Mark) throws(LibvirtError) {
        guard specification.build == 0 || mark.build != specification.build else { return }
        let had = Set(mark.disks.map { [$0.name, $0.pool, $0.volume] })
        let wanted = Set(specification.disks.map { [$0.name, $0.pool.name, $0.volume(of: specification.id)] })
        guard had == wanted else { throw LibvirtError(.conflict, Message.otherDisks(mark.disks.map(\.name))) }
        guard specification.build > 0 else { return }
        var description = description
        Mark.write(build: specification.build, to: &description)
        _ = try connection.define(description.serialized)
    }

    /// Writes a domain without disks. Another creation may have taken its name since that was free.
    private func define(_ description: inout DomainDescription) throws(LibvirtError) -> Domain {
        do throws(LibvirtError) {
            return try connection.define(description.element.serialized)
        } catch {
            guard let taken = try connection.domain(named: description.name), taken.id != specification.id else {
                throw error
            }
            description.name = uniqueName
            return try connection.define(description.element.serialized)
        }
    }

    private var uniqueName: String { "\(specification.name)~\(specification.id.description.prefix(8))" }

    /// The specification's name, with a piece of the UUID behind it if another domain has that.
    private func freeName() throws(LibvirtError) -> String {
        try connection.domain(named: specification.name) == nil
            ? specification.name : uniqueName
    }
}

extension Specification {
    /// The machine without disks and CDs.
    var bare: Specification {
        var bare = self
        bare.disks = []
        bare.cdroms = []
        return bare
    }
}
