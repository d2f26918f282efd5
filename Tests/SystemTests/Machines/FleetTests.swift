import Foundation
import TestSupport
import Testing
import Tree

@Suite("A fleet on QEMU", .serialized)
struct FleetTests {
    @Test(
        "twenty of one prototype and one image live, are changed by virsh and put right, and leave the host as it was",
        .timeLimit(.minutes(15)))
    func fleet() async throws {
        try await Virsh.with { virsh in
            let golden = "\(virsh.directory)/golden.qcow2"
            try await makeImage(golden, virsh)
            let content = try Data(contentsOf: URL(filePath: golden))
            try await Daemon.run { daemon in
                let fleet = Fleet(api: daemon.api, virsh: virsh)
                try await fleet.describe()
                do {
                    try await live(fleet, golden)
                } catch {
                    _ = try await fleet.api.finish("destroy", "/fleet")
                    throw error
                }
                #expect(try await fleet.api.send("PATCH", "/v1/tree/fleet/common", ["images": .null]).status == 200)
            }
            #expect(
                try await virsh.lines("vol-list", virsh.tag).map { $0.split(separator: " ").first } == ["golden.qcow2"])
            #expect(try FileManager.default.contentsOfDirectory(atPath: virsh.directory) == ["golden.qcow2"])
            #expect(try Data(contentsOf: URL(filePath: golden)) == content)
        }
    }

    private func live(_ fleet: Fleet, _ golden: String) async throws {
        let (api, virsh) = (fleet.api, fleet.virsh)
        try await fleet.run("create", ends: "created")
        let ids = try await fleet.ids()
        #expect(Set(ids.values).count == 20)
        for id in ids.values {
            let overlay = "\(virsh.directory)/\(id)-root.qcow2"
            let info = try await run(Repository.tool("qemu-img"), ["info", "--output=json", overlay]).json
            #expect(info["backing-filename"] == .string(golden) && info["virtual-size"] == .integer(12 << 20))
            #expect((info["actual-size"]?.integer ?? .max) < 1 << 20, "an overlay is sparse")
        }
        let image = try await api.get("/v1/images")["images"]?[0]
        #expect(image?["machines"]?.list?.count == 20 && image?["places"]?[0]?["there"] == true)
        let removal = try await api.send("PATCH", "/v1/tree/fleet/common", ["images": .null])
        #expect(
            removal.status == 409 && removal.detail?.contains("/fleet/vm-01, /fleet/vm-02, /fleet/vm-03 and 17") == true
        )

        try await fleet.run("start", ends: "running")
        let running = try await virsh.lines("list", "--uuid")
        #expect(Set(ids.values).isSubset(of: running))
        let consoles = try await api.get("/v1/tree/fleet/vm-01:console")["consoles"]
        #expect(
            consoles?[0]?["url"]?.string?.hasPrefix("vnc://127.0.0.1:") == true && consoles?[1]?["kind"] == "serial")

        try await change(fleet, ids)
        try await fleet.run("poweroff", ends: "stopped")
        try await fleet.run("destroy", ends: "provisioned")
        #expect(Set(ids.values).isDisjoint(with: try await virsh.lines("list", "--all", "--uuid")))
    }

    /// What somebody does with virsh is noticed without being asked for, shown, and put right.
    private func change(_ fleet: Fleet, _ ids: [String: String]) async throws {
        let (api, virsh) = (fleet.api, fleet.virsh)
        func id(_ name: String) throws -> String { try #require(ids[name]) }
        _ = try await virsh.lines("destroy", id("vm-01"))
        _ = try await virsh.lines("suspend", id("vm-02"))
        for name in ["vm-03", "vm-04", "vm-05"] { _ = try await virsh.lines("destroy", id(name)) }
        _ = try await virsh.lines("undefine", id("vm-03"))
        _ = try await virsh.lines("vol-resize", "\(virsh.directory)/\(id("vm-04"))-root.qcow2", "20M")
        _ = try await virsh.lines("setvcpus", id("vm-05"), "2", "--config", "--maximum")
        let seen =
            [
                ("vm-01", "stopped", []), ("vm-02", "paused", []), ("vm-03", "failed", []),
                ("vm-04", "stopped", ["disks.root.size"]), ("vm-05", "stopped", ["hardware.cpus"]),
            ] as [(String, String, Value)]
        for (name, state, drift) in seen {
            try await eventually("\(name) is \(state) and \(drift)") {
                let entry = try await api.get("/v1/tree/fleet/\(name)")
                return entry["state"] == .string(state) && entry["drift"] == drift
            }
        }
        let reason = try await api.get("/v1/tree/fleet/vm-03")["reason"]?.string
        #expect(reason?.hasPrefix("the hypervisor no longer has the VM: it was ") == true, "\(reason ?? "")")

        let reconciled = try await api.finish("reconcile", "/fleet")
        #expect(
            reconciled["error"]?.string?.hasSuffix(
                "/fleet/vm-04: disks.root.size was 12MiB, and is 20MiB on the hypervisor; release and adopt take the VM as it "
                    + "is now; rebuild makes it and all its disks anew") == true, "\(reconciled)")
        #expect(try await api.get("/v1/tree/fleet/vm-03")["state"] == "provisioned")
        #expect(try await api.get("/v1/tree/fleet/vm-05")["drift"] == [])
        #expect(try await virsh.lines("vcpucount", id("vm-05"), "--maximum", "--config") == ["1"])
        let refused = try await api.finish("create", "/fleet/vm-03")["error"]?.string
        #expect(
            refused?.hasSuffix("already, which is never written over; create with --keep-disks takes it up as it is")
                == true, "\(refused ?? "")")
        for (verb, name) in [
            ("rebuild", "vm-04"), ("create?keepDisks=true", "vm-03"), ("start", "vm-03"), ("resume", "vm-02"),
        ] {
            let operation = try await api.finish(verb, "/fleet/\(name)")
            #expect(operation["state"] == "done", "\(operation)")
        }
        try await fleet.run("start", ends: "running")
        #expect(try await virsh.lines("list", "--uuid").contains(id("vm-03")))
        #expect(try await fleet.ids() == ids)
    }

    /// An image with content, which would show if somebody wrote to it.
    private func makeImage(_ file: String, _ virsh: Virsh) async throws {
        try FileManager.default.createDirectory(atPath: virsh.directory, withIntermediateDirectories: false)
        let raw = Data((0..<2 << 20).map { _ in UInt8.random(in: 1 ... .max) })
        let scratch = try Scratch()
        try raw.write(to: URL(filePath: scratch.file("raw")))
        for words in [
            ["convert", "-f", "raw", "-O", "qcow2", scratch.file("raw"), file], ["resize", "-q", file, "8M"],
        ] {
            let outcome = try await run(Repository.tool("qemu-img"), words)
            try #require(outcome.status == 0, "\(outcome.command): \(outcome.errors)")
        }
    }
}

/// The machines below `/fleet`.
private struct Fleet {
    let api: API
    let virsh: Virsh

    func describe() async throws {
        let tree = """
            entries:
              - path: /fleet
                kind: folder
                definition:
                  hypervisor: lab
                  hypervisors: {lab: {driver: libvirt, uri: "qemu:///system"}}
                  pools: {default: {pool: \(virsh.tag), path: \(virsh.directory)}}
                  images: {golden: {pool: default, volume: golden.qcow2}}
                  prototypes:
                    small: {image: golden, hardware: {cpus: 1, memory: 24MiB}, disks: {root: {size: 12MiB}}, boot: [disk]}
              - {path: "/fleet/vm-{01..20}", kind: vm, definition: {prototype: small}}
            """
        let applied = try await api.send("POST", "/v1/apply", Array(tree.utf8), type: "application/yaml")
        try #require(applied.status == 200, "\(applied.text)")
    }

    /// Does something to all of them, which must succeed and leave all in one state.
    func run(_ verb: String, ends state: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let operation = try await api.finish(verb, "/fleet")
        try #require(operation["state"] == "done", "\(operation)", sourceLocation: sourceLocation)
        #expect(operation["progress"] == ["done": 20, "total": 20], sourceLocation: sourceLocation)
        let states = try await machines("state").map { $0["state"] }
        #expect(states == Array(repeating: .string(state), count: 20), sourceLocation: sourceLocation)
    }

    /// The UUIDs of the VMs by the names of the machines.
    func ids() async throws -> [String: String] {
        let pairs = try await machines("path,vm").map { entry in
            (
                entry["path"]?.string?.split(separator: "/").last.map(String.init) ?? "",
                entry["vm"]?["uuid"]?.string ?? ""
            )
        }
        return Dictionary(pairs) { first, _ in first }
    }

    private func machines(_ fields: String) async throws -> [Value] {
        try await api.get("/v1/tree/fleet?recursive=true&selector=kind=vm&fields=\(fields)")["entries"]?.list ?? []
    }
}
