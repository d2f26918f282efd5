import XML

/// What a hypervisor's host can run.
struct Host: Sendable {
    /// libvirt's type of its domains: kvm, qemu, test, …
    private(set) var type: String
    let architecture: String
    /// The names of the machines that it emulates; empty where it does not say.
    let machines: Set<String>
    /// Its processor as libvirt describes it, to be asked about; nil where it does not say.
    let processor: String?

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
        processor = root.first("host", "cpu")?.serialized
    }

    static let kvm = "kvm"
    static let emulated = "qemu"

    /// The same without KVM.
    var emulating: Host {
        guard type == Host.kvm else { return self }
        var host = self
        host.type = Host.emulated
        return host
    }

    /// Whether it offers KVM on a processor of which it is known that it cannot do that: without Intel's VMX and AMD's SVM
    /// /dev/kvm is a stand-in, under which a guest may stop at any instruction and nobody is told.
    func isKVMStandIn(_ features: Set<String>) -> Bool {
        type == Host.kvm && ["x86_64", "i686"].contains(architecture) && !features.isEmpty
            && features.isDisjoint(with: ["vmx", "svm"])
    }

    var isPC: Bool { ["x86_64", "i686"].contains(architecture) }
    /// Whether its machines are QEMU's.
    var isQEMU: Bool { type == Host.kvm || type == Host.emulated }
    /// Whether it is libvirt's own make-believe, which has neither guests nor data.
    var isTest: Bool { type == "test" }
}
