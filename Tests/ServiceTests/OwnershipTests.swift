import Hypervisor
import Lifecycle
import OrderedCollections
import TestSupport
import Testing
import Tree

@testable import Service

@Suite("Whose VM and whose disks are taken away")
struct OwnershipTests {
    private let unmarked =
        "the VM was not made here, or was released, or our mark was taken from it, and is left as it is; adopt takes it over"

    /// A machine with a disk, on a hypervisor in memory that the test looks at by itself.
    private func withMachine(_ body: (Site, any Driver, EntryID) async throws -> Void) async throws {
        let hypervisors = Connections()
        var options = Service.Options()
        options.observationPause = .milliseconds(20)
        try await Site.with(options, tree: Trees.lab, hypervisors: hypervisors) { site in
            let patch: Value = ["disks": ["root": ["size": "1GiB"]]]
            #expect(try await site.patch("/v1/tree/ai/gpu", patch).status == 200)
            #expect(try await site.run("create", "/ai/gpu")["state"] == "done")
            let driver = hypervisors.driver(for: Endpoint(name: "m", driver: .memory, uri: "memory:///m"))
            let id = try #require(try await driver.list().first?.id)
            try await body(site, driver, id)
        }
    }

    @Test("a creation that is refused for a kept disk does not make that disk the machine's: nothing destroys it")
    func refusedCreation() async throws {
        try await withMachine { site, _, _ in
            #expect(try await site.run("destroy", "/ai/gpu", "?keepDisks=true")["state"] == "done")
            for query in ["", "?forget=true"] {
                let refused = try await site.run("create", "/ai/gpu")
                #expect(refused["error"]?.string?.contains("never written over") == true, "\(refused.text)")
                #expect(try await site.get("/v1/tree/ai/gpu")["state"] == "failed")
                let destroyed = try await site.run("destroy", "/ai/gpu", query)
                #expect(texts(destroyed) == ["nothing to do"], "\(destroyed.text)")
                #expect(try await site.get("/v1/tree/ai/gpu")["state"] == "provisioned")
            }
            let rebuilt = try await site.run("create", "/ai/gpu")
            #expect(rebuilt["state"] == "failed")
            #expect(try await site.run("rebuild", "/ai/gpu")["state"] == "failed")
            #expect(try await site.run("reconcile", "/ai/gpu")["state"] == "done")
            let created = try await site.run("create", "/ai/gpu", "?keepDisks=true")
            #expect(texts(created) == ["create", "disk root: taken up as it was"], "\(created.text)")
            #expect(try await site.run("destroy", "/ai/gpu", "?keepDisks=true")["state"] == "done")
            #expect(try await site.run("create", "/ai/gpu")["state"] == "failed")
            let deleted = try await site.delete("/v1/tree/ai/gpu")
            #expect(deleted.status < 300, "\(deleted.text)")
        }
    }

    @Test("what a creation was refused for keeps what it leaves of a VM that vanished before")
    func refusedAfterVanishing() async throws {
        try await withMachine { site, driver, id in
            _ = try await driver.destroy(id, disks: [], keepDisks: true)
            try await eventually("it is missed") { try await site.get("/v1/tree/ai/gpu")["state"] == "failed" }
            let refused = try await site.run("create", "/ai/gpu")
            #expect(refused["error"]?.string?.contains("never written over") == true, "\(refused.text)")
            // These disks are the machine's own.
            #expect(try await site.run("destroy", "/ai/gpu")["state"] == "done")
            #expect(try await site.run("create", "/ai/gpu")["state"] == "done")
        }
    }

    @Test("a released VM is left by every verb that was refused before, is listed, and is adopted at once")
    func released() async throws {
        try await withMachine { site, driver, id in
            #expect(try await site.run("start", "/ai/gpu")["state"] == "done")
            #expect(try await site.run("release", "/ai/gpu")["state"] == "done")
            let before = try await driver.observe(id)
            for verb in ["create", "rebuild"] {
                #expect(try await site.run("create", "/ai/gpu")["state"] == "failed")
                #expect(try await site.run(verb, "/ai/gpu")["state"] == "failed", "\(verb)")
            }
            #expect(try await site.run("destroy", "/ai/gpu")["state"] == "done")
            #expect(try await site.run("create", "/ai/gpu")["state"] == "failed")
            #expect(try await driver.observe(id) == before)
            let listed = try await site.get("/v1/unmanaged")["machines"]?.list
            #expect(listed?.map { $0.map?["uuid"] } == [Value.string("\(id)")])
            let body: Value = ["hypervisor": "m", "uuid": .string("\(id)")]
            let adopted = try await site.post("/v1/tree/ai/gpu:adopt", body)
            #expect(adopted["state"] == "running", "\(adopted.text)")
            #expect(try await site.get("/v1/unmanaged")["machines"] == [])
        }
    }

    @Test("a VM from which somebody took our mark is said to be there, is not destroyed, and is adopted at once")
    func disowned() async throws {
        try await withMachine { site, driver, id in
            #expect(try await site.run("start", "/ai/gpu")["state"] == "done")
            try await #require(driver as? any Releasing).release(id)
            try await eventually("it is missed") { try await site.get("/v1/tree/ai/gpu")["state"] == "failed" }
            #expect(
                try await site.get("/v1/tree/ai/gpu")["reason"]
                    == "the hypervisor has the VM, but our mark was taken from it while it was running; it is left as it is: adopt takes it over; reconcile takes the descriptor back to provisioned"
            )
            for (verb, query) in [("destroy", ""), ("destroy", "?keepDisks=true"), ("rebuild", "")] {
                let refused = try await site.run(verb, "/ai/gpu", query)
                #expect(refused["error"]?.string?.hasSuffix(unmarked) == true, "\(refused.text)")
            }
            #expect(try await driver.observe(id)?.power == .running)
            let body: Value = ["hypervisor": "m", "uuid": .string("\(id)")]
            let adopted = try await site.post("/v1/tree/ai/gpu:adopt", body)
            #expect(adopted["state"] == "running", "\(adopted.text)")
        }
    }

    @Test("a VM that was moved to another hypervisor is listed there, keeps its disks, and is adopted there")
    func moved() async throws {
        let hypervisors = Connections()
        var options = Service.Options()
        options.observationPause = .milliseconds(20)
        try await Site.with(options, tree: Trees.lab, hypervisors: hypervisors) { site in
            let both: Value = ["hypervisors": ["other": ["driver": "memory"]]]
            #expect(try await site.patch("/v1/tree/common", both).status == 200)
            let patch: Value = ["disks": ["root": ["size": "1GiB"]]]
            #expect(try await site.patch("/v1/tree/ai/gpu", patch).status == 200)
            #expect(try await site.run("create", "/ai/gpu")["state"] == "done")
            let before = hypervisors.driver(for: Endpoint(name: "m", driver: .memory, uri: "memory:///m"))
            let other = hypervisors.driver(for: Endpoint(name: "other", driver: .memory, uri: "memory:///other"))
            let id = try #require(try await before.list().first?.id)
            _ = try await before.destroy(id, disks: [], keepDisks: true)
            let disk = Disk(name: "root", pool: Pool(name: "default"), origin: .empty, size: Size(bytes: 1 << 30))
            try await other.create(
                Specification(
                    id: id, name: "gpu", endpoint: Endpoint(name: "other", driver: .memory, uri: "memory:///other"),
                    cpus: 1, memory: Size(bytes: 1 << 28), disks: [disk], nics: [], boot: [.disk]), keepDisks: false)
            try await eventually("it is missed") { try await site.get("/v1/tree/ai/gpu")["state"] == "failed" }
            for (verb, query) in [("destroy", ""), ("rebuild", ""), ("create", "?keepDisks=true")] {
                let refused = try await site.run(verb, "/ai/gpu", query)
                #expect(
                    refused["error"]?.string?.hasSuffix(
                        "hypervisor other: VM \(id): the VM was moved there, and its disks may be in use; adopt takes it "
                            + "over there; destroy with --keep-disks leaves the disks") == true,
                    "\(verb): \(refused.text)")
            }
            let forgotten = try await site.run("destroy", "/ai/gpu", "?keepDisks=true")
            #expect(forgotten["state"] == "done", "\(forgotten.text)")
            let created = try await site.run("create", "/ai/gpu")
            #expect(created["error"]?.string?.contains("never written over") == true, "\(created.text)")
            let listed = try await site.get("/v1/unmanaged")["machines"]?.list
            #expect(listed?.map { $0.map?["hypervisor"] } == [Value.string("other")])
            let body: Value = ["hypervisor": "other", "uuid": .string("\(id)")]
            let adopted = try await site.post("/v1/tree/ai/gpu:adopt", body)
            #expect(adopted.status == 201 && adopted["vm"]?.map?["hypervisor"] == "other", "\(adopted.text)")
        }
    }

    @Test("a creation that finds its VM on says at once that it runs")
    func found() async throws {
        try await withMachine { site, _, id in
            #expect(try await site.run("start", "/ai/gpu")["state"] == "done")
            // As after a hypervisor that was away when its machine was forgotten.
            try await site.service.parts.writer.update(id) { _, record in record = Record() }
            #expect(try await site.run("create", "/ai/gpu")["state"] == "done")
            #expect(try await site.get("/v1/tree/ai/gpu")["state"] == "running")
        }
    }

    private func texts(_ reply: Reply) -> [String] {
        reply["steps"]?.list?.compactMap { $0.map?["text"]?.string } ?? []
    }
}
