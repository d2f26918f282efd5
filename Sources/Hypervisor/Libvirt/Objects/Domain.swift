import CLibvirt
import Glibc
import Lifecycle
import Tree

/// libvirt's word for a machine.
final class Domain {
    let pointer: OpaquePointer

    /// Takes over a reference.
    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        virDomainFree(pointer)
    }

    var name: String { virDomainGetName(pointer).map { String(cString: $0) } ?? "" }

    /// Nil for what is no UUID of RFC 9562, which libvirt does not let happen.
    var id: EntryID? { EntryID(of: pointer) }

    /// Which of the hypervisor's runs of a VM this is; nil while it was off when it was looked up.
    var run: Int? {
        let number = virDomainGetID(pointer)
        return number == .max ? nil : Int(number)
    }

    func isActive() throws(LibvirtError) -> Bool { try check(virDomainIsActive(pointer)) == 1 }

    func power() throws(LibvirtError) -> Power {
        var state: CInt = 0
        var reason: CInt = 0
        try check(virDomainGetState(pointer, &state, &reason, 0))
        switch virDomainState(UInt32(bitPattern: state)) {
        // Its processors are held until all is ready.
        case VIR_DOMAIN_PAUSED where UInt32(bitPattern: reason) == VIR_DOMAIN_PAUSED_STARTING_UP.rawValue:
            return .starting
        case VIR_DOMAIN_PAUSED, VIR_DOMAIN_PMSUSPENDED: return .paused
        case VIR_DOMAIN_SHUTDOWN: return .stopping
        case VIR_DOMAIN_CRASHED: return .crashed
        case VIR_DOMAIN_SHUTOFF:
            return UInt32(bitPattern: reason) == VIR_DOMAIN_SHUTOFF_CRASHED.rawValue ? .crashed : .off
        // Running, blocked on a device, or in a state that the hypervisor does not tell: it is on.
        default: return .running
        }
    }

    /// Whether it is defined, and not only for as long as it runs.
    func isPersistent() throws(LibvirtError) -> Bool { try check(virDomainIsPersistent(pointer)) == 1 }

    /// Its description as it will be at its next start; as it runs, if it has no next one.
    func xml() throws(LibvirtError) -> String {
        guard try isPersistent() else { return try liveXML() }
        return try check(
            virDomainGetXMLDesc(pointer, VIR_DOMAIN_XML_INACTIVE.rawValue | VIR_DOMAIN_XML_SECURE.rawValue))
    }

    /// Its description as it runs now; while it is off, as it will be at its next start.
    func liveXML() throws(LibvirtError) -> String {
        try check(virDomainGetXMLDesc(pointer, VIR_DOMAIN_XML_SECURE.rawValue))
    }

    /// Whether its next start goes on from a state that was saved, as it was described then.
    var hasSavedState: Bool { virDomainHasManagedSaveImage(pointer, 0) == 1 }

    func start() throws(LibvirtError) { try change { virDomainCreate(pointer) } }
    func shutdown() throws(LibvirtError) { try change { virDomainShutdown(pointer) } }
    func reboot() throws(LibvirtError) { try change { virDomainReboot(pointer, 0) } }
    func reset() throws(LibvirtError) { try change { virDomainReset(pointer, 0) } }
    func pause() throws(LibvirtError) { try change { virDomainSuspend(pointer) } }
    func resume() throws(LibvirtError) { try change { virDomainResume(pointer) } }

    /// Cuts the power, if it is on. A machine that stops or goes at the same moment, such as by a call of ours that was cut
    /// off and is still being done, is as good as cut.
    func cut() throws(LibvirtError) {
        do throws(LibvirtError) {
            if try isActive() { try change { virDomainDestroy(pointer) } }
        } catch {
            guard try lookup({ () throws(LibvirtError) in try isActive() }) == true else { return }
            throw error
        }
    }

    /// Forgets the domain with all that libvirt keeps beside it.
    ///
    /// - Parameter keepsNVRAM: whether the file with the variables of its UEFI firmware stays.
    func undefine(keepsNVRAM: Bool = false) throws(LibvirtError) {
        let all = [
            VIR_DOMAIN_UNDEFINE_MANAGED_SAVE, VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA,
            VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA,
            keepsNVRAM ? VIR_DOMAIN_UNDEFINE_KEEP_NVRAM : VIR_DOMAIN_UNDEFINE_NVRAM,
        ]
        do throws(LibvirtError) {
            try change { virDomainUndefineFlags(pointer, all.reduce(0) { $0 | $1.rawValue }) }
        } catch {
            // Some drivers know none of these flags.
            guard [.unsupported, .failed].contains(error.kind) else { throw error }
            try change { virDomainUndefine(pointer) }
        }
    }

    /// Takes our mark away, now and for its next start, if it has one: a domain that was undefined while it ran has not.
    func removeMark() throws(LibvirtError) {
        let both =
            (try isPersistent() ? VIR_DOMAIN_AFFECT_CONFIG.rawValue : 0)
            | (try isActive() ? VIR_DOMAIN_AFFECT_LIVE.rawValue : 0)
        try change {
            virDomainSetMetadata(
                pointer, CInt(VIR_DOMAIN_METADATA_ELEMENT.rawValue), nil, Mark.prefix, Mark.namespace, both)
        }
    }

    /// The capacity of the disk with that name; nil where the hypervisor does not say.
    func capacity(ofDisk target: String) -> Size? {
        var info = virDomainBlockInfo()
        guard virDomainGetBlockInfo(pointer, target, &info, 0) == 0 else { return nil }
        return Int(exactly: info.capacity).map(Size.init(bytes:))
    }

    /// The addresses in use, by hardware address; empty where the hypervisor does not say.
    func addresses() -> [MAC: [String]] {
        for source in [VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE, VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_ARP] {
            let found = addresses(from: source)
            if !found.isEmpty { return found }
        }
        return [:]
    }

    private func addresses(from source: virDomainInterfaceAddressesSource) -> [MAC: [String]] {
        var list: UnsafeMutablePointer<virDomainInterfacePtr?>?
        let count = virDomainInterfaceAddresses(pointer, &list, source.rawValue, 0)
        guard count > 0, let list else { return [:] }
        defer { free(list) }
        var found: [MAC: [String]] = [:]
        for index in 0..<Int(count) {
            guard let interface = list[index] else { continue }
            defer { virDomainInterfaceFree(interface) }
            guard let mac = interface.pointee.hwaddr.flatMap({ MAC(String(cString: $0)) }) else { continue }
            for address in UnsafeBufferPointer(start: interface.pointee.addrs, count: Int(interface.pointee.naddrs)) {
                guard let text = address.addr else { continue }
                found[mac, default: []].append(String(cString: text))
            }
        }
        return found
    }
}

extension EntryID {
    /// The UUID of a domain, which is borrowed.
    init?(of domain: OpaquePointer) {
        let text: String? = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(VIR_UUID_STRING_BUFLEN)) {
            guard let start = $0.baseAddress, virDomainGetUUIDString(domain, start) == 0 else { return nil }
            return String(cString: start)
        }
        guard let text else { return nil }
        self.init(text)
    }
}
