import CLibvirt
import Glibc
import Tree

extension LibvirtDriver: Autostarting {
    func setAutostart(_ isOn: Bool, of id: EntryID) async throws(DriverError) {
        try await with(id) { _, domain throws(LibvirtError) in
            if try domain.autostart() != isOn { try domain.setAutostart(isOn) }
        }
    }
}

extension Domain {
    func autostart() throws(LibvirtError) -> Bool {
        var isOn: CInt = 0
        try check(virDomainGetAutostart(pointer, &isOn))
        return isOn != 0
    }

    func setAutostart(_ isOn: Bool) throws(LibvirtError) { try change { virDomainSetAutostart(pointer, isOn ? 1 : 0) } }
}

extension ConnectionHandle {
    /// The domains that start with the host, in one call.
    func autostarting() throws(LibvirtError) -> Set<EntryID> {
        var list: UnsafeMutablePointer<OpaquePointer?>?
        let flag = VIR_CONNECT_LIST_DOMAINS_AUTOSTART.rawValue
        let count = try check(virConnectListAllDomains(pointer, &list, flag))
        defer { free(list) }
        return Set((0..<Int(count)).compactMap { index in list?[index].map(Domain.init)?.id })
    }
}
