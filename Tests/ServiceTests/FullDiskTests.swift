import HTTP
import Hypervisor
import Lifecycle
import OrderedCollections
import Store
import TestSupport
import Testing
import Tree

@testable import Service

@Suite("While the disk of the state is full", .timeLimit(.minutes(3)))
struct FullDiskTests {
    fileprivate static let endpoint = Endpoint(name: "m", driver: .memory, uri: "memory:///m")

    /// Runs `body` with a site on a small disk, on which a dozen machines run and two of them are being destroyed when it
    /// becomes full.
    fileprivate func withFullDisk(
        _ body: (SmallDisk, Connections, Site, _ operation: String) async throws -> Void
    ) async throws {
        let disk = try SmallDisk(bytes: 8 << 20)
        defer { disk.close() }
        let hypervisors = Connections()
        try await Site.resume(disk.directory, hypervisors: hypervisors) { site in
            #expect(try await site.post("/v1/apply", yaml: Trees.lab).status == 200)
            let machines = try await site.post("/v1/apply", ["entries": [["path": "/lab/web-{01..12}"]]])
            #expect(machines.status == 200, "\(machines.text)")
            #expect(try await site.run("create", "/lab")["state"] == "done")
            #expect(try await site.run("start", "/lab")["state"] == "done")
            try await site.change(hypervisor: ["latency": 1, "concurrency": 2])
            let operation = try await site.post("/v1/tree/lab:destroy")
            let location = try #require(operation.header("Location"))
            try await eventually("two are under way") { try await site.steps(of: location) == ["destroy", "destroy"] }
            try disk.fill()
            try await eventually("they wait for the store") {
                try await site.steps(of: location).count { $0.contains("no space is left; free space") } == 2
            }
            try await body(disk, hypervisors, site, location)
        }
    }

    @Test("an operation begins nothing, ends when there is room, and says so; what is asked for is refused")
    func waits() async throws {
        try await withFullDisk { disk, hypervisors, site, location in
            // Two were destroyed before it was full, and no other.
            #expect(try await hypervisors.driver(for: Self.endpoint).list().count == 10)
            #expect(try await site.get(location)["progress"] == ["done": 0, "total": 12])
            let ready = try await site.get("/readyz")
            #expect(ready.status == 200 && ready["status"] == "degraded" && ready["store"] == "full")
            #expect(try await site.get("/metrics").text.contains("\nheadwater_store_writable 0\n"))
            let parts = try await site.get("/v1/operations?parent=\(location.split(separator: "/").last ?? "")")
            let working = (parts["operations"]?.list ?? []).first { $0.map?["state"] == "running" }?.map?["id"]?.integer
            for refused in [
                try await site.delete(location), try await site.delete("/v1/operations/\(working ?? 0)"),
                try await site.post("/v1/tree/ai/gpu:create"),
            ] {
                #expect(refused.status == 507, "\(refused.text)")
            }
            let states = (parts["operations"]?.list ?? []).compactMap { $0.map?["state"]?.string }
            #expect(states.count == 12 && Set(states) == ["queued", "running"], "\(states)")

            try disk.free()
            let whole = try await site.get("\(location)?wait=100")
            #expect(whole["state"] == "done" && whole["progress"] == ["done": 12, "total": 12], "\(whole.text)")
            #expect(try site.store.load().operations.isEmpty)
            #expect(try await hypervisors.driver(for: Self.endpoint).list().isEmpty)
            #expect(try await site.get("/readyz")["store"] == "ok")
        }
    }

    @Test("and the service is stopped, what had not ended goes on at the next start, once")
    func restart() async throws {
        try await withFullDisk { disk, hypervisors, site, location in
            site.server.stop()
            await site.service.close()
            try site.store.close()
            try disk.free()
            try await Site.resume(site.directory, hypervisors: hypervisors) { site in
                #expect(try await site.get("\(location)?wait=100")["state"] == "done")
                #expect(try await hypervisors.driver(for: Self.endpoint).list().isEmpty)
                try await site.change(hypervisor: ["latency": 0])
                for verb in ["create", "start"] { #expect(try await site.run(verb, "/lab")["state"] == "done") }
                site.server.stop()
                await site.service.close()
                try site.store.close()
                try await Site.resume(site.directory, hypervisors: hypervisors) { site in
                    #expect(try await site.run("reconcile", "/lab")["state"] == "done")
                    let entries = try await site.get("/v1/tree/lab?recursive&fields=state")["entries"]?.list ?? []
                    #expect(entries.count { $0.map?["state"] == "running" } == 12)
                }
            }
        }
    }
}

extension FullDiskTests {
    @Test("and machines are made anew before there is room, a destroy whose end was not stored is not done to these")
    func madeAnew() async throws {
        try await withFullDisk { disk, hypervisors, site, location in
            site.server.stop()
            await site.service.close()
            let driver = hypervisors.driver(for: Self.endpoint)
            let known = Set(try await driver.list().map(\.id))
            let gone = try site.store.load().machines.keys.filter { !known.contains($0) }
            #expect(gone.count == 2)
            try site.store.close()
            try disk.free()
            for (number, id) in gone.enumerated() {
                let other = Specification(id: id, name: "anew-\(number)", build: 2, endpoint: Self.endpoint)
                try await driver.create(other, keepDisks: false)
                try await driver.start(id)
            }
            try await Site.resume(site.directory, hypervisors: hypervisors) { site in
                let whole = try await site.get("\(location)?wait=100")
                #expect(whole["state"] == "failed", "\(whole.text)")
                #expect(whole["error"]?.string?.hasPrefix("2 of 12 machines failed: ") == true, "\(whole.text)")
                #expect(whole["error"]?.string?.contains("and it is build 2 by now; it is left as it is") == true)
                let left = try await driver.list()
                #expect(Set(left.map(\.id)) == Set(gone) && left.allSatisfy { $0.power == .running })
            }
        }
    }
}

extension Site {
    /// What the parts of an operation say they did, all together.
    fileprivate func steps(of location: String) async throws -> [String] {
        let parts = try await get("/v1/operations?parent=\(location.split(separator: "/").last ?? "")")
        return (parts["operations"]?.list ?? []).flatMap { $0.map?["steps"]?.list ?? [] }
            .compactMap { $0.map?["text"]?.string }
    }
}
