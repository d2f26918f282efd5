import Hypervisor
import Lifecycle
import OrderedCollections
import Testing
import Tree

@testable import Service

@Suite("Consoles")
struct ConsoleTests {
    @Test("where there is none, the answer is 409 and says why")
    func refusals() async throws {
        try await Site.with(tree: Trees.lab) { site in
            _ = try await site.patch("/v1/tree/common", ["hypervisors": ["t": ["uri": "test:///default"]]])
            _ = try await site.put(
                "/v1/tree/ai/test", ["kind": "vm", "definition": ["hypervisor": "t"]])
            func expect(_ path: String, _ detail: String, _ location: SourceLocation = #_sourceLocation) async throws {
                let reply = try await site.get("/v1/tree\(path):console")
                #expect(reply.status == 409, "\(reply.text)", sourceLocation: location)
                #expect(reply.detail == detail, sourceLocation: location)
            }
            try await expect("/ai", "/ai is a folder; expected a machine")
            try await expect("/ai/gpu", "/ai/gpu has no VM, and so no console; create it and start it first")
            _ = try await site.run("create", "/ai")
            try await expect(
                "/ai/gpu", "/ai/gpu has no console now: the driver memory of the hypervisor m has none")
            try await expect("/ai/test", "/ai/test has no console now: the VM is off; start it first")
            _ = try await site.run("start", "/ai")
            try await expect(
                "/ai/test", "/ai/test: the VM has neither a screen nor a serial line that can be reached")
            #expect(try await site.get("/v1/tree/ai/none:console").status == 404)
            #expect(try await site.get("/v1/tree/ai/gpu:console?x=1").status == 400)
            _ = try await site.run("destroy", "/ai")
        }
    }

    @Test(
        "each kind is said as what can be opened, from here or through the host",
        arguments: [
            ("qemu:///system", .address("127.0.0.1", port: 5901), ["url": "vnc://127.0.0.1:5901"]),
            (
                "qemu+ssh://ana@kvm1/system", .address("127.0.0.1", port: 5901),
                ["url": "vnc://127.0.0.1:5901", "tunnel": "ssh -N -L 5901:127.0.0.1:5901 ana@kvm1"]
            ),
            ("qemu+tls://kvm1/system", .address("0.0.0.0", port: 5901), ["url": "vnc://kvm1:5901"]),
            ("qemu:///system", .address("2001:db8::1", port: 5901), ["url": "vnc://[2001:db8::1]:5901"]),
            ("qemu:///system", .socket("/run/vnc.sock"), ["socket": "/run/vnc.sock"]),
        ] as [(String, Console.Place, [String: String])])
    func screen(uri: String, place: Console.Place, expected: [String: String]) {
        let console = document(uri, Console(.vnc, at: place))
        for key in ["url", "tunnel", "socket"] { #expect(console?[key]?.string == expected[key]) }
        #expect(console?["kind"] == "vnc" && console?["command"] == nil)
    }

    @Test("a serial line has the command that opens it, whatever the URI holds")
    func serial() {
        let line = document("qemu:///system", Console(.serial, at: .terminal("/dev/pts/3")))
        #expect(line?["terminal"] == "/dev/pts/3")
        #expect(line?["command"] == .string("virsh -c qemu:///system console \(id)"))
        let odd = document(
            "qemu+ssh://kvm1/system?keyfile=/a;b'c", Console(.serial, at: .address("127.0.0.1", port: 4555)))
        #expect(odd?["url"] == "telnet://127.0.0.1:4555")
        #expect(odd?["command"] == .string("virsh -c 'qemu+ssh://kvm1/system?keyfile=/a;b'\\''c' console \(id)"))
    }

    private let id = EntryID.random()

    private func document(_ uri: String, _ console: Console) -> Map? {
        let endpoint = Endpoint(name: "lab", driver: .libvirt, uri: uri)
        return ConsoleDocument(.root, id, endpoint, [console]).map["consoles"]?.list?.first?.map
    }
}
