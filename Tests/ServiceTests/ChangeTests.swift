import Hypervisor
import Lifecycle
import OrderedCollections
import Testing
import Tree

@testable import Service

/// No test here waits for a hypervisor to be asked in its turn: what shows, shows because the hypervisor said so.
@Suite("What is done behind our back")
struct ChangeTests {
    private static let never: Service.Options = {
        var options = Service.Options()
        options.observationPause = .seconds(86_400)
        return options
    }()
    private static let memory = Endpoint(name: "m", driver: .memory, uri: "memory:///m")

    /// Waits for an event on a machine's state.
    private func state(_ state: String, _ reader: EventReader) async throws -> EventReader.Block {
        let events = try await reader.events { $0.event == "state" && $0["state"] == .string(state) }
        return try #require(events.last)
    }

    @Test("a machine in memory that is stopped, changed and removed shows it, and tells it")
    func memory() async throws {
        let hypervisors = Connections()
        try await Site.with(Self.never, tree: Trees.lab, hypervisors: hypervisors) { site in
            _ = try await site.run("create", "/ai/gpu")
            _ = try await site.run("start", "/ai/gpu")
            let driver = hypervisors.driver(for: Self.memory)
            let id = try #require(try await driver.list().first?.id)
            let reader = try EventReader(site)
            _ = try await reader.block()

            try await driver.stop(id, grace: .zero)
            let stopped = try await state("stopped", reader)
            #expect(stopped["was"] == "running" && stopped["path"] == "/ai/gpu")
            #expect(try await site.get("/v1/tree/ai/gpu")["state"] == "stopped")
            let made = Specification(id: id, name: "gpu", endpoint: Self.memory, cpus: 4)
            var changed = made
            changed.cpus = 7
            try await driver.update(made, to: changed)
            #expect(try await state("stopped", reader)["drift"]?.list?.first == "hardware.cpus")
            try await driver.start(id)
            _ = try await state("running", reader)
            _ = try await driver.destroy(id, disks: [], keepDisks: true)
            #expect(try await state("failed", reader)["reason"]?.string?.isEmpty == false)
        }
    }

    @Test(
        "a machine of libvirt's test driver that is stopped, started and undefined through another connection shows it")
    func libvirt() async throws {
        try await Site.with(Self.never, tree: Trees.lab) { site in
            _ = try await site.patch(
                "/v1/tree/common",
                [
                    "hypervisors": ["m": ["driver": "libvirt", "uri": "test:///default"]],
                    "pools": ["disks": ["pool": "default-pool"]],
                ])
            let created = try await site.run("create", "/ai/gpu")
            try #require(created["state"] == "done", "\(created.text)")
            _ = try await site.run("start", "/ai/gpu")
            let entry = try await site.get("/v1/tree/ai/gpu")
            let id = try #require(entry["vm"]?.map?["uuid"]?.string.flatMap { EntryID($0) })
            let reader = try EventReader(site)
            _ = try await reader.block()

            let other = Connections().driver(for: Endpoint(name: "m", driver: .libvirt, uri: "test:///default"))
            try await other.stop(id, grace: .zero)
            _ = try await state("stopped", reader)
            try await other.start(id)
            _ = try await state("running", reader)
            _ = try await other.destroy(id, disks: [], keepDisks: true)
            let gone = try await state("failed", reader)
            #expect(gone["reason"]?.string?.hasPrefix("the hypervisor no longer has the VM: ") == true, "\(gone)")
        }
    }

    @Test("what is done to a machine while it is being worked on shows when the work has ended")
    func meanwhile() async throws {
        let hypervisors = Connections()
        // Each call of the service takes a second.
        let tree = Trees.lab.replacing("{driver: memory}", with: "{driver: memory, latency: 1}")
        try await Site.with(Self.never, tree: tree, hypervisors: hypervisors) { site in
            _ = try await site.run("create", "/ai/gpu")
            _ = try await site.run("start", "/ai/gpu")
            let driver = hypervisors.driver(for: Self.memory)
            let id = try #require(try await driver.list().first?.id)
            let reader = try EventReader(site)
            _ = try await reader.block()

            _ = try await site.post("/v1/tree/ai/gpu:pause")
            _ = try await state("paused", reader)
            // The work goes on with a look at the machine, which is not asked for its state.
            try await driver.stop(id, grace: .zero)
            let events = try await reader.events { $0.event == "state" && $0["state"] == "stopped" }
            #expect(events.contains { $0.event == "operation" && $0["state"] == "done" })
        }
    }
}
