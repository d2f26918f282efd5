import Hypervisor
import Lifecycle
import OrderedCollections
import TestSupport
import Testing
import Tree

@testable import Service

@Suite("A libvirtd of its own, with VMs on QEMU", .serialized, .timeLimit(.minutes(3)))
struct LibvirtdTests {
    /// Runs `body` with a machine that is on, whose hypervisor is asked so often; afterwards it is destroyed.
    private func run(
        askedEvery pause: Duration, _ body: (Site, PrivateLibvirtd, EntryID) async throws -> Void
    ) async throws {
        let libvirtd = try PrivateLibvirtd()
        try libvirtd.start()
        var options = Service.Options()
        options.observationPause = pause
        options.patience = Patience(
            total: .seconds(120), firstPause: .milliseconds(50), longestPause: .milliseconds(500))
        let tree = """
            entries:
              - path: /lab
                kind: folder
                definition: {hypervisor: q, hypervisors: {q: {uri: "\(libvirtd.uri)"}}}
              - {path: /lab/web, kind: vm, definition: {hardware: {cpus: 1, memory: 32MiB}}}
            """
        try await Site.with(options, tree: tree) { site in
            for verb in ["create", "start"] {
                let done = try await site.run(verb, "/lab/web")
                try #require(done["state"] == "done", "\(done.text)")
            }
            let entry = try await site.get("/v1/tree/lab/web")
            let id = try #require(entry["vm"]?.map?["uuid"]?.string.flatMap { EntryID($0) })
            try await body(site, libvirtd, id)
            #expect(try await site.run("destroy", "/lab/web")["state"] == "done")
        }
    }

    private func driver(_ libvirtd: PrivateLibvirtd) -> any Driver {
        Connections(within: .tests).driver(for: Endpoint(name: "q", driver: .libvirt, uri: libvirtd.uri))
    }

    private func state(_ state: String, _ reader: EventReader) async throws {
        _ = try await reader.events { $0.event == "state" && $0["state"] == .string(state) }
    }

    @Test("what somebody else does to a VM shows because libvirt says so, and not because it is asked")
    func told() async throws {
        try await run(askedEvery: .seconds(86_400)) { site, libvirtd, id in
            let reader = try EventReader(site)
            _ = try await reader.block()
            let other = driver(libvirtd)
            try await other.stop(id, grace: .zero)
            try await state("stopped", reader)
            try await other.start(id)
            try await state("running", reader)
        }
    }

    @Test("when it is killed its machines say so; when it is back they are as they are, and it is heard again")
    func restarted() async throws {
        try await run(askedEvery: .milliseconds(200)) { site, libvirtd, id in
            libvirtd.kill()
            _ = try await site.until("/v1/tree/lab/web") { $0["vm"]?.map?["unreachable"] != nil }
            #expect(try await site.get("/v1/tree/lab/web")["state"] == "running")
            #expect(try await site.get("/readyz")["status"] == "degraded")
            try libvirtd.start()
            _ = try await site.until("/v1/tree/lab/web") { $0["vm"]?.map?["unreachable"] == nil }
            #expect(try await site.get("/v1/tree/lab/web")["state"] == "running")
            let reader = try EventReader(site)
            _ = try await reader.block()
            try await driver(libvirtd).stop(id, grace: .zero)
            try await state("stopped", reader)
        }
    }

    @Test("an operation that finds it down goes on when it is back, and ends once")
    func outlasted() async throws {
        try await run(askedEvery: .seconds(86_400)) { site, libvirtd, id in
            libvirtd.kill()
            let asked = try await site.post("/v1/tree/lab/web:poweroff")
            let location = asked.header("Location") ?? ""
            let waiting = try await site.until(location) { ($0["steps"]?.list?.count ?? 0) >= 4 }
            #expect(waiting["state"] == "running", "\(waiting.text)")
            let step = waiting["steps"]?.list?[1].map?["text"]?.string ?? ""
            #expect(step.hasPrefix("hypervisor q: ") && step.contains("; tries again at "), "\(step)")
            try libvirtd.start()
            let ended = try await site.get("\(location)?wait=60")
            #expect(ended["state"] == "done", "\(ended.text)")
            #expect(try await site.get("/v1/tree/lab/web")["state"] == "stopped")
            #expect(try await driver(libvirtd).observe(id)?.power == .off)
        }
    }
}
