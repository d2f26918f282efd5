import CLibvirt
import Foundation
import Glibc
import Lifecycle
import Synchronization
import Tree

/// An open connection. libvirt lets all threads use one at the same time.
final class ConnectionHandle: @unchecked Sendable {
    private let pointer: OpaquePointer
    private let known: Mutex<Host>
    private let events: DomainEvents
    /// Held while a storage pool is made or started.
    let poolMaking = NSLock()

    /// - Parameter watchers: who is told what happens to its domains, for as long as it is open.
    init(uri: String, telling watchers: Watchers) throws(LibvirtError) {
        guard LibvirtLibrary.isReady else { throw .last() }
        guard let pointer = virConnectOpen(uri) else {
            let error = LibvirtError.last()
            throw LibvirtError(error.kind == .unsupported ? .unsupported : .unreachable, error.message)
        }
        // Every 5 seconds, five times without an answer. Local drivers know no keepalive, and need none.
        virConnectSetKeepAlive(pointer, 5, 5)
        do throws(LibvirtError) {
            known = Mutex(try Host(capabilities: check(virConnectGetCapabilities(pointer))))
        } catch {
            virConnectClose(pointer)
            throw error
        }
        self.pointer = pointer
        events = DomainEvents(pointer, telling: watchers)
    }

    deinit {
        events.end()
        virConnectClose(pointer)
    }

    /// What machines are made for.
    var host: Host { known.withLock { $0 } }

    /// Makes machines for software emulation from now on.
    func giveUpKVM() {
        known.withLock { $0.type = Host.emulated }
    }

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
        Domain(try check(virDomainDefineXML(pointer, xml)))
    }

    func domains() throws(LibvirtError) -> [Domain] {
        var list: UnsafeMutablePointer<OpaquePointer?>?
        let count = try check(virConnectListAllDomains(pointer, &list, 0))
        defer { free(list) }
        return (0..<Int(count)).compactMap { index in list?[index].map(Domain.init) }
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
        StoragePool(try check(virStoragePoolDefineXML(pointer, xml, 0)))
    }

    /// A pool that is forgotten when it stops.
    func createPool(_ xml: String) throws(LibvirtError) -> StoragePool {
        StoragePool(try check(virStoragePoolCreateXML(pointer, xml, 0)))
    }

    func volume(atPath path: String) throws(LibvirtError) -> Volume? {
        try lookup { () throws(LibvirtError) in Volume(try check(virStorageVolLookupByPath(pointer, path))) }
    }
}
