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
        guard description[attribute: "type"] == Host.kvm, error.message.lowercased().contains("kvm") else { return nil }
        description.attribute(forName: "type")?.stringValue = Host.emulated
        connection.giveUpKVM()
        return try connection.define(description.xmlString)
    }
}
