import Foundation
import Lifecycle
import Tree
import XML

/// Disks and images as volumes of storage pools.
struct Storage {
    let connection: ConnectionHandle

    /// The pool, started; made of its directory if it is not there and the definition says which.
    func pool(_ pool: Pool) throws(LibvirtError) -> StoragePool {
        if let found = try connection.pool(named: pool.name), try found.isActive() { return found }
        // A pool that is defined is not yet built: who finds it then must wait for who makes it.
        connection.poolMaking.lock()
        defer { connection.poolMaking.unlock() }
        if let found = try connection.pool(named: pool.name) {
            if try !found.isActive() { try start(found) }
            return found
        }
        guard let path = pool.path else {
            throw LibvirtError(
                .notFound, "there is no storage pool \"\(pool.name)\"; make it, or give the pool a path to make it of")
        }
        try giveUpImages(in: path)
        let made: StoragePool
        do throws(LibvirtError) {
            made = try connection.definePool(Self.description(ofPool: pool.name, path: path))
        } catch {
            // Another program was faster.
            guard let found = try connection.pool(named: pool.name) else { throw error }
            if try !found.isActive() { try start(found) }
            return found
        }
        do throws(LibvirtError) {
            try made.build()
            try start(made)
            try made.startWithHost()
        } catch {
            try? made.undefine()
            throw error
        }
        return made
    }

    /// Forgets our own pool for the images in a directory, if there is one: libvirt lets a directory be one pool only, and
    /// the one that a definition names has its images too.
    private func giveUpImages(in directory: String) throws(LibvirtError) {
        guard let found = try? connection.pool(of: directory), found.name.hasPrefix(Self.imagesPrefix),
            try !found.isPersistent()
        else { return }
        try found.stop()
    }

    private func start(_ pool: StoragePool) throws(LibvirtError) {
        do throws(LibvirtError) {
            try pool.start()
        } catch {
            guard (try? pool.isActive()) == true else { throw error }
        }
    }

    /// Makes the volume of a disk, and remembers how to take it away again. One that is there is never written over.
    func create(
        _ disk: Disk, named name: String, in pool: StoragePool, _ reverter: inout Reverter
    ) throws(LibvirtError) -> Volume {
        guard let source = try source(of: disk) else {
            let description = try description(of: disk, named: name, size: disk.size, in: pool)
            return try keep(&reverter, name, in: pool) { () throws(LibvirtError) in try pool.create(description) }
        }
        if case .overlay = disk.origin {
            let format = try format(of: source.image, source.volume)
            let backing = element(
                "backingStore", [:],
                [element("path", text: try source.volume.path()), element("format", ["type": format])])
            let description = try description(of: disk, named: name, size: source.size, in: pool, backing: backing)
            return try keep(&reverter, name, in: pool) { () throws(LibvirtError) in try pool.create(description) }
        }
        let description = try description(of: disk, named: name, size: source.size, in: pool)
        let made = try keep(&reverter, name, in: pool) { () throws(LibvirtError) in
            try pool.create(description, from: source.volume)
        }
        if try made.capacity() < source.size { try made.resize(to: source.size) }
        return made
    }

    /// The image of a disk, and how large the disk becomes; nil: it has none.
    private func source(of disk: Disk) throws(LibvirtError) -> (image: Image, volume: Volume, size: Size)? {
        guard let image = disk.origin.image else { return nil }
        if case .overlay = disk.origin { try refuseWritten(image) }
        let volume = try volume(of: image)
        let content = try about("image \(image.name)") { () throws(LibvirtError) in try volume.capacity() }
        let size = disk.size ?? content
        guard size >= content else {
            throw LibvirtError(.refused, Message.tooSmall(size, image: image.name, content))
        }
        return (image, volume, size)
    }

    /// Refuses an image that is the disk of a machine that is on.
    private func refuseWritten(_ image: Image) throws(LibvirtError) {
        let name = String(image.place.split(separator: "/").last ?? "")
        guard let id = EntryID(String(name.prefix(36))), let domain = try connection.domain(id), try domain.isActive()
        else { return }
        let disks = DomainDisk.all(of: try .parse(try domain.liveXML()))
        guard disks.contains(where: { $0.isVolume(named: name) }) else { return }
        throw LibvirtError(.conflict, "image \(image.name): \(Message.running(domain.name, on: name))")
    }

    /// How many bytes the volume of a disk takes when it is made; fails where it could not be made.
    func room(for disk: Disk, in pool: StoragePool) throws(LibvirtError) -> Int {
        let source = try source(of: disk)
        guard try isSparse(pool) else { return (source?.size ?? disk.size)?.bytes ?? 0 }
        guard let source, case .copy = disk.origin else { return Self.header }
        let content = try source.volume.sizes().allocation.bytes
        return disk.format == .qcow2 ? content + Self.header + Self.cluster + content / Self.dataPerTable : content
    }

    /// What a new qcow2 file takes at least.
    private static let header = 4 * cluster
    private static let cluster = 64 << 10
    /// Of each cluster of data there are ten bytes in qcow2's tables (qemu's docs/interop/qcow2.txt); some more to be sure.
    private static let dataPerTable = 4096

    /// Where the CD in a drive is; nil: the drive is empty.
    func place(of cdrom: Specification.CDROM) throws(LibvirtError) -> Place? {
        try about("cdrom \(cdrom.name)") { () throws(LibvirtError) in
            switch cdrom.image?.source {
            case nil: return nil
            case .file(let path):
                if let image = cdrom.image { try refuseMissing(image, path) }
                return .file(path)
            case .volume(let name, let pool):
                guard let image = cdrom.image else { return nil }
                let path = try volume(of: image).path()
                return Place(of: name, path: path, in: try .parse(try self.pool(pool).xml()))
            }
        }
    }

    /// Refuses a file that is certainly not there: QEMU would not start with it. A drive of the host is asked for by no pool.
    private func refuseMissing(_ image: Image, _ path: String) throws(LibvirtError) {
        guard !connection.host.isTest, !path.hasPrefix("/dev/") else { return }
        do throws(LibvirtError) {
            _ = try volume(of: image)
        } catch {
            if error.kind == .notFound || error.message.contains("No such file or directory") { throw error }
        }
    }

    /// The files of a volume: its own, and those that it holds only the differences from, the nearest first.
    func chain(of volume: Volume) throws(LibvirtError) -> [String] {
        var paths = [try volume.path()]
        var next: Volume? = volume
        while let volume = next, let path = try Element.parse(try volume.xml()).first("backingStore", "path")?.text,
            !paths.contains(path)
        {
            paths.append(path)
            next = try connection.volume(atPath: path)
        }
        return paths
    }

    private func keep(
        _ reverter: inout Reverter, _ name: String, in pool: StoragePool, _ make: () throws(LibvirtError) -> Volume
    ) throws(LibvirtError) -> Volume {
        do throws(LibvirtError) {
            let volume = try make()
            reverter.did("volume \(volume.name) of pool \(pool.name)") { () throws(LibvirtError) in
                try volume.delete()
            }
            return volume
        } catch {
            if error.isOfExisting { throw LibvirtError(.conflict, Message.existing(name, pool: pool.name)) }
            guard error.isFull else { throw error }
            try? pool.refresh(patience: .zero)
            let room = pool.available.map { "; it has room for \($0)" } ?? ""
            throw LibvirtError(.failed, "the storage pool \"\(pool.name)\" is full\(room): \(error.message)")
        }
    }

    /// What there is of an image.
    func find(_ image: Image) throws(LibvirtError) -> StoredImage {
        if case .volume(_, let pool) = image.source, try connection.pool(named: pool.name)?.isActive() != true {
            // Made or started when a disk is, and not by looking.
            throw LibvirtError(
                .notFound, "image \(image.name): the storage pool \"\(pool.name)\" is not there or is off")
        }
        let volume = try volume(of: image)
        return try about("image \(image.name)") { () throws(LibvirtError) in
            let sizes = try volume.sizes()
            return StoredImage(path: try volume.path(), capacity: sizes.capacity, allocation: sizes.allocation)
        }
    }

    /// The volume that an image is. A file becomes one through a pool of its directory.
    func volume(of image: Image) throws(LibvirtError) -> Volume {
        try about("image \(image.name)") { () throws(LibvirtError) in
            switch image.source {
            case .volume(let name, let pool):
                let pool = try self.pool(pool)
                if let volume = try pool.presentVolume(named: name) { return volume }
                guard connection.host.isTest else {
                    throw LibvirtError(.notFound, "pool \"\(pool.name)\" has no volume \"\(name)\"")
                }
                return try makeBelieve(image, named: name, in: pool)
            case .file(let path):
                if let volume = try connection.volume(atPath: path), (try? volume.capacity()) != nil { return volume }
                let (directory, name) = Self.split(path)
                let pool = try about("file \(path)") { () throws(LibvirtError) in try self.pool(ofImagesIn: directory) }
                if let volume = try pool.presentVolume(named: name) { return volume }
                guard connection.host.isTest else {
                    throw LibvirtError(.notFound, "there is no file \(path) on the hypervisor's host")
                }
                return try makeBelieve(image, named: name, in: pool)
            }
        }
    }

    /// Nothing else can be an image on libvirt's own make-believe.
    private func makeBelieve(_ image: Image, named name: String, in pool: StoragePool) throws(LibvirtError) -> Volume {
        let format = element("target", [:], [element("format", ["type": image.format?.backing ?? "qcow2"])])
        return try pool.create(
            Self.description(ofVolume: name, size: image.size ?? Size(bytes: 1 << 30), isSparse: true, [format]))
    }

    /// A directory's pool for images, which lasts until libvirt or its host starts again.
    private func pool(ofImagesIn directory: String) throws(LibvirtError) -> StoragePool {
        connection.poolMaking.lock()
        defer { connection.poolMaking.unlock() }
        // libvirt lets a directory be one pool only. A driver that cannot look for one has no directories.
        if let found = try? connection.pool(of: directory), try found.isActive() { return found }
        let name = Self.name(ofImagesIn: directory)
        if let found = try imagesPool(named: name, of: directory) { return found }
        do throws(LibvirtError) {
            return try connection.createPool(Self.description(ofPool: name, path: directory))
        } catch {
            // Another program was faster.
            guard let found = try imagesPool(named: name, of: directory) else { throw error }
            return found
        }
    }

    /// The pool of that name, started. One of another directory holds other files of the same names.
    private func imagesPool(named name: String, of directory: String) throws(LibvirtError) -> StoragePool? {
        guard let found = try connection.pool(named: name) else { return nil }
        let place = try found.directory()
        guard place == directory else {
            throw LibvirtError(
                .conflict,
                "the storage pool \"\(name)\" is of \(place ?? "another kind"), and its name is needed for \(directory); remove "
                    + "that pool, or define one of \(directory)")
        }
        if try !found.isActive() { try start(found) }
        return found
    }

    private static let imagesPrefix = "images-"

    /// A name of a directory's own: no two directories have the same, although no name may hold a slash.
    private static func name(ofImagesIn directory: String) -> String {
        let characters = directory.dropFirst().map { character in
            switch character {
            case "/": "-"
            case "-": "%2D"
            case "%": "%25"
            default: String(character)
            }
        }
        return imagesPrefix + characters.joined()
    }

    /// Deletes the volumes that a creation which was cut off has begun.
    func deleteBegun(_ mark: Mark) throws(LibvirtError) {
        for disk in mark.disks where disk.volume.hasPrefix("\(mark.machine)-") {
            _ = try lookup { () throws(LibvirtError) in
                try connection.pool(named: disk.pool)?.presentVolume(named: disk.volume)?.delete()
            }
        }
    }

    /// The directory of a file, spelled as libvirt spells it, and the file's name there.
    private static func split(_ path: String) -> (directory: String, name: String) {
        let names = path.split(separator: "/")
        return ("/" + names.dropLast().joined(separator: "/"), String(names.last ?? ""))
    }

    /// The format that the definition says, or else the one that libvirt found when it looked at the pool.
    private func format(of image: Image, _ volume: Volume) throws(LibvirtError) -> String {
        if let format = image.format { return format.backing }
        return try Element.parse(try volume.xml()).first("target", "format")?[attribute: "type"] ?? "raw"
    }
}

extension Storage {
    private static func description(ofPool name: String, path: String) -> String {
        element(
            "pool", ["type": "dir"],
            [element("name", text: name), element("target", [:], [element("path", text: path)])]
        ).serialized
    }

    private func description(
        of disk: Disk, named name: String, size: Size?, in pool: StoragePool, backing: Element? = nil
    ) throws(LibvirtError) -> String {
        guard let size else { throw LibvirtError(.failed, "it has neither a size nor an image") }
        let isSparse = try isSparse(pool)
        // libvirt's own default is the format of 2008, which cannot hold the bitmaps that incremental backups need.
        let compat = disk.format == .qcow2 ? element("compat", text: "1.1") : nil
        let target =
            isSparse ? element("target", [:], [element("format", ["type": disk.format.rawValue]), compat]) : nil
        return Self.description(ofVolume: name, size: size, isSparse: isSparse, [target, backing])
    }

    /// Only files can be sparse; a logical volume is given all that it will ever hold.
    private func isSparse(_ pool: StoragePool) throws(LibvirtError) -> Bool {
        ["dir", "fs", "netfs"].contains(try Element.parse(try pool.xml())[attribute: "type"] ?? "")
    }

    private static func description(
        ofVolume name: String, size: Size, isSparse: Bool, _ rest: [Element?]
    ) -> String {
        element(
            "volume", [:],
            [
                element("name", text: name), element("capacity", ["unit": "bytes"], text: "\(size.bytes)"),
                isSparse ? element("allocation", ["unit": "bytes"], text: "0") : nil,
            ] + rest
        ).serialized
    }
}

extension StoragePool {
    /// The files of the pool's volumes that hold only what differs from the file at `path`.
    func overlays(of path: String) throws(LibvirtError) -> [String] {
        do throws(LibvirtError) {
            try refresh(patience: .zero)
        } catch {
            // While a volume is being made, what libvirt knows of the others has to do.
            guard error.message.contains("asynchronous jobs") else { throw error }
        }
        var overlays: [String] = []
        for other in try volumes() {
            // One that has gone since depends on nothing.
            let text = try lookup { () throws(LibvirtError) in try other.xml() }
            guard let text, try Element.parse(text).first("backingStore", "path")?.text == path else { continue }
            overlays.append(try other.path())
        }
        return overlays
    }

    /// The volume of that name, if it is really there: libvirt's list is as old as its last look at the pool.
    ///
    /// - Parameter patience: how long to wait for other volumes that are being filled.
    func presentVolume(
        named name: String, patience: Duration = .seconds(60)
    ) throws(LibvirtError) -> Volume? {
        if let volume = try knownVolume(named: name, patience: patience) { return volume }
        try refresh(patience: patience)
        return try volume(named: name)
    }

    /// The volume of that name, if libvirt knows it and it is still there. One that others have made since libvirt looked last
    /// is not found, and is not written over either.
    func knownVolume(named name: String, patience: Duration = .seconds(60)) throws(LibvirtError) -> Volume? {
        guard let volume = try volume(named: name) else { return nil }
        if (try? volume.capacity()) != nil { return volume }
        try refresh(patience: patience)
        return try self.volume(named: name)
    }
}

extension LibvirtError {
    /// ENOSPC of errno(3), in words: libvirt and qemu-img say no more.
    fileprivate var isFull: Bool { message.contains("No space left on device") }

    /// Whether a volume of that name, or a file where it would be, is there already.
    fileprivate var isOfExisting: Bool {
        message.contains("exists already") || message.contains("already exists")
    }
}

extension Image.Format {
    /// QEMU's name of it.
    fileprivate var backing: String {
        switch self {
        case .qcow2: "qcow2"
        case .raw, .iso: "raw"
        }
    }
}
