import XML

/// What a hypervisor's host can run.
struct Host: Sendable {
    /// libvirt's type of its domains: kvm, qemu, test, …
    var type: String
    let architecture: String
    /// The names of the machines that it emulates; empty where it does not say.
    let machines: Set<String>

    /// Reads virConnectGetCapabilities.
    init(capabilities: String) throws(LibvirtError) {
        let root = try Element.parse(capabilities)
        let native = root.first("host", "cpu", "arch")?.text
        let architectures = root.all("guest")
            .filter { ["hvm", "exe", "linux", "xen"].contains($0.first("os_type")?.text ?? "") }
            .flatMap { $0.all("arch") }
        guard let chosen = architectures.first(where: { $0[attribute: "name"] == native }) ?? architectures.first else {
            throw LibvirtError(.unsupported, "its host runs no virtual machines: no emulator is installed there")
        }
        let types = chosen.all("domain").compactMap { $0[attribute: "type"] }
        type = types.contains(Host.kvm) ? Host.kvm : types.first ?? Host.emulated
        architecture = chosen[attribute: "name"] ?? native ?? "x86_64"
        machines = Set(chosen.all("machine").compactMap(\.text))
    }

    static let kvm = "kvm"
    static let emulated = "qemu"

    /// Whether its machines are QEMU's.
    var isQEMU: Bool { type == Host.kvm || type == Host.emulated }
    /// Whether it is libvirt's own make-believe, which has neither guests nor data.
    var isTest: Bool { type == "test" }
}
