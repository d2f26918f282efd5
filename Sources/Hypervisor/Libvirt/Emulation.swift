import Foundation
import XML

/// Software in place of hardware.
///
/// libvirt says that a host has KVM when its kernel has it. Whether it works is told by the processor (`Host.isKVMStandIn`),
/// or shows when a machine starts: QEMU may not be let open /dev/kvm. A machine that was not made here stays as it is.
enum Emulation {
    /// The domain written again for software emulation, where it is known that KVM does not work; nil if there is no
    /// need.
    static func inAdvance(for domain: Domain, _ connection: ConnectionHandle) throws(LibvirtError) -> Domain? {
        guard connection.host.type == Host.emulated else { return nil }
        let description = try Element.parse(try domain.xml())
        guard description[attribute: "type"] == Host.kvm, Mark(domain: description) != nil else { return nil }
        return try emulated(description, connection)
    }

    /// The domain written again for software emulation; nil if it did not fail to start because of KVM.
    static func instead(
        of domain: Domain, after error: LibvirtError, _ connection: ConnectionHandle
    ) throws(LibvirtError) -> Domain? {
        let description = try Element.parse(try domain.xml())
        guard description[attribute: "type"] == Host.kvm, Mark(domain: description) != nil,
            blamesKVM(error) || mayBlameKVM(error)
        else { return nil }
        if blamesKVM(error) { connection.giveUpKVM() }
        return try emulated(description, connection)
    }

    private static func emulated(
        _ domain: Element, _ connection: ConnectionHandle
    ) throws(LibvirtError) -> Domain {
        var description = domain
        description[attribute: "type"] = Host.emulated
        return try connection.define(description.serialized)
    }

    /// Starts a domain whose QEMU has just died under it.
    ///
    /// libvirt 9.0 hears of that death a moment later, and takes it for the death of the QEMU that it has started since:
    /// so it is given that moment, and on a busy host another one.
    static func start(_ domain: Domain) throws(LibvirtError) {
        Thread.sleep(forTimeInterval: moment)
        do throws(LibvirtError) {
            try domain.start()
        } catch {
            guard mayBlameKVM(error) else { throw error }
            Thread.sleep(forTimeInterval: moment)
            try domain.start()
        }
    }

    /// In seconds.
    private static let moment = 2.0

    private static func blamesKVM(_ error: LibvirtError) -> Bool {
        error.message.lowercased().contains("kvm")
    }

    /// QEMU ended before it could be talked to, and libvirt did not get hold of its last words.
    private static func mayBlameKVM(_ error: LibvirtError) -> Bool {
        error.message.contains("monitor")
    }
}
