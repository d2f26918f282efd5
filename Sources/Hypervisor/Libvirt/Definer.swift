import Lifecycle
import Tree
import XML

/// Makes a machine, or writes one again that is there already.
struct Definer {
    let specification: Specification
    let connection: ConnectionHandle

    private var storage: Storage { Storage(connection: connection) }

    func define() throws(LibvirtError) {
        let domain = try connection.domain(specification.id)
        if let domain { try checkDisks(of: domain) }
        var reverter = Reverter()
        do throws(LibvirtError) {
            var disks: [(place: Place, pool: String, volume: String)] = []
            for disk in specification.disks {
                disks.append(
                    try about("disk \(disk.name)") { () throws(LibvirtError) in
                        try place(of: disk, isNew: domain == nil, &reverter)
                    })
            }
            var cds: [Place?] = []
            for cdrom in specification.cdroms {
                cds.append(
                    try about("cdrom \(cdrom.name)") { () throws(LibvirtError) in
                        try cdrom.image.map { image throws(LibvirtError) in try place(of: image) }
                    })
            }
            let description = DomainDescription(
                specification: specification, host: connection.host, name: try name(domain), disks: disks,
                cds: cds)
            _ = try connection.define(description.element.serialized)
        } catch {
            throw reverter.revert(after: error)
        }
    }

    /// The name that the domain has, which cannot change; else the specification's, with a piece of the UUID behind it if
    /// another domain has that.
    private func name(_ domain: Domain?) throws(LibvirtError) -> String {
        if let domain { return domain.name }
        return try connection.domain(named: specification.name) == nil
            ? specification.name
            : "\(specification.name)~\(specification.id.description.prefix(8))"
    }

    /// What is on a disk is not thrown away by writing a machine again, and what is not ours is not written over.
    private func checkDisks(of domain: Domain) throws(LibvirtError) {
        guard let mark = Mark(domain: try .parse(try domain.xml())) else {
            throw LibvirtError(.conflict, Message.foreign)
        }
        let lost = mark.disks.filter { disk in !specification.disks.contains { $0.name == disk.name } }
        guard lost.isEmpty else {
            throw LibvirtError(.conflict, Message.lostDisks(lost.map(\.name)))
        }
    }

    /// The place of a disk, whose volume is made unless the machine has it.
    private func place(
        of disk: Disk, isNew: Bool, _ reverter: inout Reverter
    ) throws(LibvirtError) -> (place: Place, pool: String, volume: String) {
        let pool = try storage.pool(disk.pool)
        let name = "\(specification.id)-\(disk.name).\(disk.format.rawValue)"
        var volume = try pool.volume(named: name)
        if isNew, let leftover = volume {
            // Of a definition that was cut off: it may be half written.
            try leftover.delete()
            volume = nil
        }
        if volume == nil {
            volume = try storage.create(disk, named: name, in: pool, &reverter)
        }
        let path = try volume?.path() ?? ""
        return (Place(of: name, path: path, in: try .parse(try pool.xml())), disk.pool.name, name)
    }

    private func place(of image: Image) throws(LibvirtError) -> Place {
        switch image.source {
        case .file(let path):
            return .file(path)
        case .volume(let name, let pool):
            let path = try storage.volume(of: image).path()
            return Place(of: name, path: path, in: try .parse(try storage.pool(pool).xml()))
        }
    }
}
