import Foundation
import FoundationXML

/// Software in place of hardware.
///
/// libvirt says that a host has KVM when its kernel has it. Whether QEMU may open /dev/kvm, and whether KVM works within
/// another hypervisor, shows only when a machine starts.
enum Emulation {
    /// The domain written again for software emulation; nil if it did not fail to start because of KVM.
    static func instead(
        of domain: Domain, after error: LibvirtError, _ connection: ConnectionHandle
    ) throws(LibvirtError) -> Domain? {
        let description = try XMLElement.parse(try domain.xml())
        guard description[attribute: "type"] == Host.kvm, blamesKVM(error) || mayBlameKVM(error) else { return nil }
        description.attribute(forName: "type")?.stringValue = Host.emulated
        if blamesKVM(error) { connection.giveUpKVM() }
        return try connection.define(description.xmlString)
    }

    /// Starts a domain whose QEMU has just died under it.
    ///
    /// libvirt 9.0 may take the end of that one, when it hears of it, for the end of the one that it starts: then a moment
    /// later it works.
    static func start(_ domain: Domain) throws(LibvirtError) {
        do throws(LibvirtError) {
            try domain.start()
        } catch {
            guard mayBlameKVM(error) else { throw error }
            Thread.sleep(forTimeInterval: 1)
            try domain.start()
        }
    }

    private static func blamesKVM(_ error: LibvirtError) -> Bool {
        error.message.lowercased().contains("kvm")
    }

    /// QEMU ended before it could be talked to, and libvirt did not get hold of its last words.
    private static func mayBlameKVM(_ error: LibvirtError) -> Bool {
        error.message.contains("monitor")
    }
}
