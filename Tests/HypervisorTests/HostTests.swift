import Testing

@testable import Hypervisor

@Suite("A host that offers KVM")
struct HostTests {
    private func host(_ architecture: String = "x86_64", types: [String] = ["qemu", "kvm"]) throws -> Host {
        let domains = types.map { "<domain type='\($0)'/>" }.joined()
        return try Host(
            capabilities: """
                <capabilities>
                  <host><cpu><arch>\(architecture)</arch><model>EPYC</model></cpu></host>
                  <guest><os_type>hvm</os_type><arch name='\(architecture)'>\(domains)</arch></guest>
                </capabilities>
                """)
    }

    @Test("has it if its processor virtualizes, or says nothing; else it is a stand-in, and machines are emulated")
    func standIn() throws {
        let host = try host()
        #expect(host.type == "kvm")
        #expect(host.emulating.type == "qemu")
        #expect(!host.isKVMStandIn(["vmx", "sse2"]))
        #expect(!host.isKVMStandIn(["svm", "sse2"]))
        #expect(!host.isKVMStandIn([]))
        #expect(host.isKVMStandIn(["sse2", "hypervisor"]))
    }

    @Test("is judged by its processor only where these features are the processor's")
    func others() throws {
        #expect(try !host("aarch64").isKVMStandIn(["asimd"]))
        #expect(try !host(types: ["qemu"]).isKVMStandIn(["sse2"]))
        #expect(try host(types: ["test"]).emulating.type == "test")
    }

    @Test("keeps the description of its processor, to be asked about")
    func processor() throws {
        #expect(try host().processor?.contains("<model>EPYC</model>") == true)
    }
}
