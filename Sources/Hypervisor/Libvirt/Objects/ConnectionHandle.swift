import CLibvirt
import Foundation
import Glibc
import Lifecycle
import Tree
import XML

/// An open connection; see `ConnectionPool` for who may use it when.
final class ConnectionHandle: @unchecked Sendable {
    let pointer: OpaquePointer
    /// Whether it leads to a daemon; else the driver is within this process.
    let isRemote: Bool
    private let known: HostKnowledge
    private let capabilities: Host
    /// Written once at most, by the one thread that was told to.
    private var events: DomainEvents?

    init(uri: String, _ known: HostKnowledge, _ keepAlive: KeepAlive) throws(LibvirtError) {
        guard LibvirtLibrary.isReady else { throw .last() }
        guard let pointer = virConnectOpen(uri) else {
            let error = LibvirtError.last()
            throw LibvirtError(error.kind == .unsupported ? .unsupported : .unreachable, error.message)
        }
        // Only what leads to a daemon knows keepalive.
        isRemote = virConnectSetKeepAlive(pointer, CInt(keepAlive.interval), CUnsignedInt(keepAlive.count)) >= 0
        do throws(LibvirtError) {
            capabilities = try Host(capabilities: check(virConnectGetCapabilities(pointer)))
        } catch {
            virConnectClose(pointer)
            throw error
        }
        self.pointer = pointer
        self.known = known
    }

    /// See `Host.isKVMStandIn`.
    var isKVMStandIn: Bool { host.type == Host.kvm && capabilities.isKVMStandIn(processorFeatures) }

    /// All features of the host's processor, those of its model too; empty where libvirt does not say.
    private var processorFeatures: Set<String> {
        guard let processor = capabilities.processor else { return [] }
        let text = processor.withCString { processor in
            var processors: [UnsafePointer<CChar>?] = [processor]
            return processors.withUnsafeMutableBufferPointer {
                virConnectBaselineCPU(
                    pointer, $0.baseAddress, 1, VIR_CONNECT_BASELINE_CPU_EXPAND_FEATURES.rawValue)
            }
        }
        guard let text = try? check(text), let baseline = try? Element.parse(text) else { return [] }
        return Set(baseline.all("feature").compactMap { $0[attribute: "name"] })
    }

    deinit {
        events?.end()
        virConnectClose(pointer)
    }

    /// Tells from now on what happens to its domains.
    func tell(_ watchers: Watchers) {
        events = DomainEvents(pointer, telling: watchers)
    }

    /// What machines are made for.
    var host: Host { known.isKVMUseless ? capabilities.emulating : capabilities }

    /// Makes machines for software emulation from now on.
    func giveUpKVM() { _ = known.giveUpKVM() }

    /// Held while a storage pool is made or started.
    var poolMaking: NSLock { known.poolMaking }

    /// The room that was promised to machines.
    var reservations: RoomReservations { known.reservations }

    var isAlive: Bool { virConnectIsAlive(pointer) == 1 }

    func domain(_ id: EntryID) throws(LibvirtError) -> Domain? {
        try lookup { () throws(LibvirtError) in
            Domain(try check(virDomainLookupByUUIDString(pointer, id.description)))
        }
    }

    func domain(named name: String) throws(LibvirtError) -> Domain? {
        try lookup { () throws(LibvirtError) in Domain(try check(virDomainLookupByName(pointer, name))) }
    }

    func define(_ xml: String) throws(LibvirtError) -> Domain {
        Domain(try change { virDomainDefineXML(pointer, xml) })
    }

    func domains() throws(LibvirtError) -> [Domain] {
        var list: UnsafeMutablePointer<OpaquePointer?>?
        let count = try check(virConnectListAllDomains(pointer, &list, 0))
        defer { free(list) }
        return (0..<Int(count)).compactMap { index in list?[index].map(Domain.init) }
    }

    /// The name of a domain beside that of `owner` that has a disk at one of these places, or an overlay of one, as it is or as
    /// it will be; nil: none has.
    func domain(using places: [String], besides owner: EntryID? = nil) throws(LibvirtError) -> String? {
        for domain in try domains() where owner == nil || domain.id != owner {
            let isOn = try lookup { () throws(LibvirtError) in try domain.isActive() } ?? false
            for text in [try? domain.xml(), isOn ? try? domain.liveXML() : nil].compactMap({ $0 }) {
                let disks = DomainDisk.all(of: try .parse(text))
                if disks.contains(where: { !Set([$0.place] + $0.backing).isDisjoint(with: places) }) {
                    return domain.name
                }
            }
        }
        return nil
    }

    /// The files of volumes, in any pool that is on, that hold only what differs from the file at `path`: external snapshots,
    /// and disks of other machines.
    func overlays(of path: String, in home: StoragePool) throws(LibvirtError) -> [String] {
        var overlays = try home.overlays(of: path)
        for pool in try pools() where pool.name != home.name {
            // Others' pools come and go, and what they are at the moment is not to hold us up.
            overlays += (try? pool.overlays(of: path)) ?? []
        }
        return overlays
    }

    /// Whether there is a network of that name, started or not; true where it cannot be known.
    func hasNetwork(named name: String) throws(LibvirtError) -> Bool {
        do throws(LibvirtError) {
            virNetworkFree(try check(virNetworkLookupByName(pointer, name)))
            return true
        } catch {
            guard error.kind == .notFound || error.kind == .unsupported else { throw error }
            return error.kind == .unsupported
        }
    }

    func pool(named name: String) throws(LibvirtError) -> StoragePool? {
        try lookup { () throws(LibvirtError) in StoragePool(try check(virStoragePoolLookupByName(pointer, name))) }
    }

    /// The pool of a directory.
    func pool(of directory: String) throws(LibvirtError) -> StoragePool? {
        try lookup { () throws(LibvirtError) in
            StoragePool(try check(virStoragePoolLookupByTargetPath(pointer, directory)))
        }
    }

    /// The storage pools that are started.
    func pools() throws(LibvirtError) -> [StoragePool] {
        var list: UnsafeMutablePointer<OpaquePointer?>?
        let active = VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE.rawValue
        let count = try check(virConnectListAllStoragePools(pointer, &list, active))
        defer { free(list) }
        return (0..<Int(count)).compactMap { index in list?[index].map(StoragePool.init) }
    }

    /// The directories of the pools that are on and have one, by their names.
    func poolDirectories() throws(LibvirtError) -> [String: String] {
        var directories: [String: String] = [:]
        for pool in try pools() {
            guard let text = try? pool.xml(), let description = try? Element.parse(text) else { continue }
            directories[pool.name] = description.first("target", "path")?.text
        }
        return directories
    }

    /// The capacities of all domains' disks, by libvirt's names of these such as vda, asked for in one call. What cannot
    /// be told at once is left out.
    func capacities() throws(LibvirtError) -> [EntryID: [String: Size]] {
        var list: UnsafeMutablePointer<virDomainStatsRecordPtr?>?
        let flags = VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT.rawValue
        let count = try check(virConnectGetAllDomainStats(pointer, VIR_DOMAIN_STATS_BLOCK.rawValue, &list, flags))
        defer { virDomainStatsRecordListFree(list) }
        var capacities: [EntryID: [String: Size]] = [:]
        for index in 0..<Int(count) {
            guard let record = list?[index], let id = record.pointee.dom.flatMap(EntryID.init(of:)) else { continue }
            capacities[id] = record.pointee.capacities
        }
        return capacities
    }

    func definePool(_ xml: String) throws(LibvirtError) -> StoragePool {
        StoragePool(try change { virStoragePoolDefineXML(pointer, xml, 0) })
    }

    /// A pool that is forgotten when it stops.
    func createPool(_ xml: String) throws(LibvirtError) -> StoragePool {
        StoragePool(try change { virStoragePoolCreateXML(pointer, xml, 0) })
    }

    func volume(atPath path: String) throws(LibvirtError) -> Volume? {
        try lookup { () throws(LibvirtError) in Volume(try check(virStorageVolLookupByPath(pointer, path))) }
    }
}
