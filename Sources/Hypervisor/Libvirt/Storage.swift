import Foundation
import FoundationXML
import Lifecycle
import Tree

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

    private func start(_ pool: StoragePool) throws(LibvirtError) {
        do throws(LibvirtError) {
            try pool.start()
        } catch {
            guard (try? pool.isActive()) == true else { throw error }
        }
    }

    /// Makes the volume of a disk.
    func create(_ disk: Disk, named name: String, in pool: StoragePool) throws(LibvirtError) -> Volume {
        guard let image = disk.origin.image else {
            return try pool.create(description(of: disk, named: name, size: disk.size, in: pool))
        }
        let source = try volume(of: image)
        let content = try source.capacity()
        let size = disk.size ?? content
        guard size >= content else {
            throw LibvirtError(.refused, "\(size) is smaller than its image \(image.name), which has \(content)")
        }
        if case .overlay = disk.origin {
            let format = try format(of: image, source)
            let backing = element(
                "backingStore", [:],
                [element("path", text: try source.path()), element("format", ["type": format])])
            return try pool.create(description(of: disk, named: name, size: size, in: pool, backing: backing))
        }
        let made = try pool.create(description(of: disk, named: name, size: size, in: pool), from: source)
        do throws(LibvirtError) {
            if try made.capacity() < size { try made.resize(to: size) }
        } catch {
            try? made.delete()
            throw error
        }
        return made
    }

    /// The volume that an image is. A file becomes one through a pool of its directory.
    func volume(of image: Image) throws(LibvirtError) -> Volume {
        switch image.source {
        case .volume(let name, let pool):
            return try volume(named: name, in: try self.pool(pool), image)
        case .file(let path):
            if let volume = try connection.volume(atPath: path) { return volume }
            let (directory, name) = Self.split(path)
            return try volume(named: name, in: try self.pool(ofImagesIn: directory), image)
        }
    }

    private func volume(named name: String, in pool: StoragePool, _ image: Image) throws(LibvirtError) -> Volume {
        if let volume = try pool.volume(named: name) { return volume }
        try pool.refresh()
        if let volume = try pool.volume(named: name) { return volume }
        guard connection.host.isTest else {
            throw LibvirtError(.notFound, "image \(image.name): pool \"\(pool.name)\" has no volume \"\(name)\"")
        }
        // Nothing but make-believe can be an image there.
        let format = element("target", [:], [element("format", ["type": image.format?.backing ?? "qcow2"])])
        return try pool.create(
            Self.description(ofVolume: name, size: image.size ?? Size(bytes: 1 << 30), isSparse: true, [format]))
    }

    /// A directory's pool for images, which lasts until libvirt or its host starts again.
    private func pool(ofImagesIn directory: String) throws(LibvirtError) -> StoragePool {
        let name = "images" + directory.map { $0 == "/" ? "-" : String($0) }.joined()
        if let found = try connection.pool(named: name) { return found }
        do throws(LibvirtError) {
            return try connection.createPool(Self.description(ofPool: name, path: directory))
        } catch {
            guard let found = try connection.pool(named: name) else { throw error }
            return found
        }
    }

    private static func split(_ path: String) -> (directory: String, name: String) {
        let end = path.lastIndex(of: "/") ?? path.startIndex
        return (end == path.startIndex ? "/" : String(path[..<end]), String(path[end...].drop { $0 == "/" }))
    }

    /// The format that the definition says, or else the one that libvirt found when it looked at the pool.
    private func format(of image: Image, _ volume: Volume) throws(LibvirtError) -> String {
        if let format = image.format { return format.backing }
        return try XMLElement.parse(try volume.xml()).first("target", "format")?[attribute: "type"] ?? "raw"
    }
}

extension Storage {
    private static func description(ofPool name: String, path: String) -> String {
        element(
            "pool", ["type": "dir"],
            [element("name", text: name), element("target", [:], [element("path", text: path)])]
        ).xmlString
    }

    private func description(
        of disk: Disk, named name: String, size: Size?, in pool: StoragePool, backing: XMLElement? = nil
    ) throws(LibvirtError) -> String {
        guard let size else { throw LibvirtError(.failed, "it has neither a size nor an image") }
        // Only files can be sparse; a logical volume is given all that it will ever hold.
        let type = try XMLElement.parse(try pool.xml())[attribute: "type"] ?? ""
        let isSparse = ["dir", "fs", "netfs"].contains(type)
        let target = isSparse ? element("target", [:], [element("format", ["type": disk.format.rawValue])]) : nil
        return Self.description(ofVolume: name, size: size, isSparse: isSparse, [target, backing])
    }

    private static func description(
        ofVolume name: String, size: Size, isSparse: Bool, _ rest: [XMLElement?]
    ) -> String {
        element(
            "volume", [:],
            [
                element("name", text: name), element("capacity", ["unit": "bytes"], text: "\(size.bytes)"),
                isSparse ? element("allocation", ["unit": "bytes"], text: "0") : nil,
            ] + rest
        ).xmlString
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
