import CLibvirt
import Foundation
import Glibc
import Tree
import XML

/// A place that volumes are kept in.
final class StoragePool {
    private let pointer: OpaquePointer

    /// Takes over a reference.
    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        virStoragePoolFree(pointer)
    }

    var name: String { virStoragePoolGetName(pointer).map { String(cString: $0) } ?? "" }

    func isActive() throws(LibvirtError) -> Bool { try check(virStoragePoolIsActive(pointer)) == 1 }
    func xml() throws(LibvirtError) -> String { try check(virStoragePoolGetXMLDesc(pointer, 0)) }

    /// Makes what the pool needs, such as its directory.
    func build() throws(LibvirtError) { try change { virStoragePoolBuild(pointer, 0) } }
    func start() throws(LibvirtError) { try change { virStoragePoolCreate(pointer, 0) } }
    /// Starts it with the host.
    func startWithHost() throws(LibvirtError) { try change { virStoragePoolSetAutostart(pointer, 1) } }
    func undefine() throws(LibvirtError) { try change { virStoragePoolUndefine(pointer) } }
    /// Leaves the volumes as they are; a pool that was not defined is forgotten.
    func stop() throws(LibvirtError) {
        try whenIdle(.seconds(60)) { () throws(LibvirtError) in _ = try check(virStoragePoolDestroy(pointer)) }
    }

    /// Whether it is defined, and not only for as long as it is on.
    func isPersistent() throws(LibvirtError) -> Bool { try check(virStoragePoolIsPersistent(pointer)) == 1 }

    /// The directory that it is; nil: it is none.
    func directory() throws(LibvirtError) -> String? {
        let description = try Element.parse(try xml())
        return description[attribute: "type"] == "dir" ? description.first("target", "path")?.text : nil
    }

    /// Looks for volumes that others have made.
    ///
    /// - Parameter patience: how long to wait for volumes that are being filled; with none it fails at once.
    func refresh(patience: Duration = .seconds(60)) throws(LibvirtError) {
        try whenIdle(patience) { () throws(LibvirtError) in _ = try check(virStoragePoolRefresh(pointer, 0)) }
    }

    /// Repeats what libvirt refuses while it fills volumes of the pool, until it does not.
    private func whenIdle(_ patience: Duration, _ body: () throws(LibvirtError) -> Void) throws(LibvirtError) {
        let end = ContinuousClock.now + patience
        while true {
            do throws(LibvirtError) {
                return try body()
            } catch {
                guard error.message.contains("has asynchronous jobs running") else { throw error }
                guard ContinuousClock.now < end else {
                    throw LibvirtError(
                        .timeout, "the storage pool \"\(name)\" is still filling volumes: \(error.message)")
                }
            }
            Thread.sleep(forTimeInterval: 0.1)
        }
    }

    /// How much room is left; nil where libvirt does not say.
    var available: Size? {
        var info = virStoragePoolInfo()
        guard virStoragePoolGetInfo(pointer, &info) == 0 else { return nil }
        return Size(bytes: Int(clamping: info.available))
    }

    /// All that it holds, as libvirt knows it.
    func volumes() throws(LibvirtError) -> [Volume] {
        var list: UnsafeMutablePointer<OpaquePointer?>?
        let count = try check(virStoragePoolListAllVolumes(pointer, &list, 0))
        defer { free(list) }
        return (0..<Int(count)).compactMap { index in list?[index].map(Volume.init) }
    }

    func volume(named name: String) throws(LibvirtError) -> Volume? {
        try lookup { () throws(LibvirtError) in Volume(try check(virStorageVolLookupByName(pointer, name))) }
    }

    func create(_ xml: String) throws(LibvirtError) -> Volume {
        Volume(try change { virStorageVolCreateXML(pointer, xml, 0) })
    }

    func create(_ xml: String, from source: Volume) throws(LibvirtError) -> Volume {
        Volume(try change { virStorageVolCreateXMLFrom(pointer, xml, source.pointer, 0) })
    }
}
