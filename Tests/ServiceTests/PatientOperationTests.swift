import HTTP
import Hypervisor
import Lifecycle
import OrderedCollections
import Store
import Testing
import Tree

@testable import Service

@Suite("A hypervisor that does not answer", .timeLimit(.minutes(2)))
struct PatientOperationTests {
    private func options(total: Duration = .seconds(60)) -> Service.Options {
        var options = Service.Options()
        options.patience = Patience(total: total, firstPause: .milliseconds(20), longestPause: .milliseconds(200))
        return options
    }

    @Test(
        "is waited for: the operation runs on, says what for and when it tries again, and ends when there is an answer")
    func waits() async throws {
        let hindrance = Hindrance()
        try await Site.with(options(), tree: Trees.lab, hypervisors: hindrance.connections) { site in
            #expect(try await site.run("create", "/ai/gpu")["state"] == "done")
            hindrance.isDown = true
            let start = try await site.post("/v1/tree/ai/gpu:start")
            let location = start.header("Location") ?? ""
            let waiting = try await site.until(location) { ($0["steps"]?.list?.count ?? 0) >= 4 }
            #expect(waiting["state"] == "running" && waiting["error"] == nil)
            let step = waiting["steps"]?.list?[1].map?["text"]?.string ?? ""
            #expect(
                step.wholeMatch(of: /hypervisor m: no route to host; tries again at [-0-9]+T[:.0-9]+Z/) != nil,
                "\(step)")
            #expect(try await site.get("/v1/tree/ai/gpu")["state"] == "starting")
            hindrance.isDown = false
            #expect(try await site.get("\(location)?wait=60")["state"] == "done")
            #expect(try await site.get("/v1/tree/ai/gpu")["state"] == "running")
        }
    }

    @Test("is given up when patience is over; the machine has failed with that reason")
    func gaveUp() async throws {
        let hindrance = Hindrance()
        try await Site.with(options(total: .milliseconds(300)), tree: Trees.lab, hypervisors: hindrance.connections) {
            site in
            #expect(try await site.run("create", "/ai/gpu")["state"] == "done")
            hindrance.isDown = true
            let failed = try await site.run("start", "/ai/gpu")
            #expect(failed["state"] == "failed")
            let error = failed["error"]?.string ?? ""
            #expect(
                error.wholeMatch(of: /hypervisor m: no route to host; it was tried [0-9]+ times, in vain/) != nil,
                "\(error)")
            let entry = try await site.get("/v1/tree/ai/gpu")
            #expect(entry["state"] == "failed" && entry["reason"] == failed["error"])
            hindrance.isDown = false
            #expect(try await site.run("reconcile", "/ai/gpu")["state"] == "done")
            #expect(try await site.get("/v1/tree/ai/gpu")["state"] == "stopped")
        }
    }

    @Test("can be waited for no longer: a cancelled operation ends, and what waits for its machine begins")
    func cancelled() async throws {
        let hindrance = Hindrance()
        var options = options()
        options.patience.firstPause = .seconds(600)
        options.patience.longestPause = .seconds(600)
        options.patience.total = .seconds(6000)
        try await Site.with(options, tree: Trees.lab, hypervisors: hindrance.connections) { site in
            #expect(try await site.run("create", "/ai/gpu")["state"] == "done")
            hindrance.isDown = true
            let start = try await site.post("/v1/tree/ai/gpu:start")
            let location = start.header("Location") ?? ""
            _ = try await site.until(location) { ($0["steps"]?.list?.count ?? 0) >= 2 }
            hindrance.isDown = false
            let next = try await site.post("/v1/tree/ai/gpu:reconcile")
            #expect(next["state"] == "queued")
            #expect(try await site.delete(location).status == 200)
            let ended = try await site.get("\(location)?wait=60")
            #expect(ended["state"] == "cancelled")
            #expect(
                ended["error"]
                    == "hypervisor m: no route to host; it was cancelled before the hypervisor answered")
            #expect(try await site.get("\(next.header("Location") ?? "")?wait=60")["state"] == "done")
            #expect(try await site.get("/v1/tree/ai/gpu")["state"] == "stopped")
        }
    }

    @Test("holds up nobody else: what waits for it leaves its place on the hypervisor to others")
    func leavesItsPlace() async throws {
        let hindrance = Hindrance()
        var options = options()
        options.patience.firstPause = .seconds(600)
        options.patience.longestPause = .seconds(600)
        options.patience.total = .seconds(6000)
        try await Site.with(options, tree: Trees.lab, hypervisors: hindrance.connections) { site in
            try await site.change(hypervisor: ["concurrency": 1])
            hindrance.isDown = true
            let create = try await site.post("/v1/tree/ai/gpu:create")
            _ = try await site.until(create.header("Location") ?? "") { ($0["steps"]?.list?.count ?? 0) >= 2 }
            hindrance.isDown = false
            #expect(try await site.run("create", "/so")["state"] == "done")
        }
    }

    @Test("is waited for again by the next daemon, when one ended meanwhile")
    func restart() async throws {
        let hindrance = Hindrance()
        let connections = hindrance.connections
        try await Site.with(options(), tree: Trees.lab, hypervisors: connections) { site in
            hindrance.isDown = true
            let create = try await site.post("/v1/tree/ai/gpu:create")
            let location = create.header("Location") ?? ""
            _ = try await site.until(location) { ($0["steps"]?.list?.count ?? 0) >= 3 }
            // What it is about is found by its identity: it may have moved since.
            #expect(try await site.post("/v1/tree/ai/gpu:move", ["to": "/so/gpu"]).status == 201)
            site.server.stop()
            await site.service.close()
            try site.store.close()
            hindrance.isDown = false
            try await Site.resume(site.directory, options(), hypervisors: connections) { site async throws in
                let ended = try await site.get("\(location)?wait=60")
                #expect(ended["state"] == "done" && ended["path"] == "/ai/gpu", "\(ended.text)")
                #expect(try await site.get("/v1/tree/so/gpu")["state"] == "created")
            }
        }
    }

    @Test("an answer that says no is an end, however often it would be asked")
    func refused() async throws {
        try await Site.with(options(), tree: Trees.lab) { site in
            try await site.change(hypervisor: ["faults": 1])
            let failed = try await site.run("create", "/ai/gpu")
            #expect(failed["state"] == "failed" && failed["steps"]?.list?.count == 1)
        }
    }
}

extension Site {
    /// The document at a path as soon as something holds of it.
    func until(_ path: String, _ holds: (Reply) -> Bool) async throws -> Reply {
        var reply = try await get(path)
        while !holds(reply) {
            try #require(reply.status == 200, "\(reply.text)")
            try await Task.sleep(for: .milliseconds(10))
            reply = try await get(path)
        }
        return reply
    }
}
