import Hypervisor
import Lifecycle
import OrderedCollections
import TestSupport
import Testing
import Tree

@testable import Service

@Suite("What a machine is to be while nobody asks", .timeLimit(.minutes(2)))
struct WantedTests {
    private static let endpoint = Endpoint(name: "m", driver: .memory, uri: "memory:///m")

    /// Runs `body` with a site in which /ai/gpu was made of a definition with these keys beside, and with its hypervisor.
    private func with(
        _ keys: Value, _ options: Service.Options = Service.Options(),
        _ body: (Site, any Driver & Autostarting, EntryID) async throws -> Void
    ) async throws {
        var options = options
        options.observationPause = .milliseconds(20)
        let hypervisors = Connections()
        let driver = try #require(hypervisors.driver(for: Self.endpoint) as? any Driver & Autostarting)
        try await Site.with(options, tree: Trees.lab, hypervisors: hypervisors) { site in
            #expect(try await site.patch("/v1/tree/ai/gpu", keys).status == 200)
            #expect(try await site.run("create", "/ai/gpu")["state"] == "done")
            let id = try #require(try await driver.list().first?.id)
            try await body(site, driver, id)
        }
    }

    @Test("autostart is written when it is made; what takes it away is drift, which start and reconcile put right")
    func autostart() async throws {
        try await with(["autostart": true]) { site, driver, id in
            func entry() async throws -> Reply { try await site.get("/v1/tree/ai/gpu") }
            #expect(try await driver.observe(id)?.autostart == true)
            for (verb, before, after) in [("reconcile", false, true), ("start", false, true), ("start", false, true)] {
                try await driver.setAutostart(before, of: id)
                try await eventually("it is seen") { try await entry()["drift"] == ["autostart"] }
                let operation = try await site.run(verb, "/ai/gpu")
                #expect(operation["state"] == "done", "\(operation.text)")
                #expect(operation["steps"]?.list?.contains { $0.map?["text"] == "autostart: true" } == true)
                #expect(try await driver.observe(id)?.autostart == after)
                #expect(try await entry()["drift"] == [])
            }
            #expect(try await site.run("start", "/ai/gpu")["steps"]?.list?.last?.map?["text"] == "nothing to do")
        }
    }

    @Test(
        "autostart may be changed while the machine runs, is pending, and is written by the next start; null lets it be"
    )
    func live() async throws {
        try await with([:]) { site, driver, id in
            #expect(try await site.run("start", "/ai/gpu")["state"] == "done")
            try await driver.setAutostart(true, of: id)
            #expect(try await site.run("reconcile", "/ai/gpu")["state"] == "done")
            #expect(try await driver.observe(id)?.autostart == true)
            #expect(try await site.patch("/v1/tree/ai/gpu", ["autostart": false]).status == 200)
            #expect(try await site.get("/v1/tree/ai/gpu")["pending"] == ["autostart"])
            #expect(try await site.run("start", "/ai/gpu")["state"] == "done")
            #expect(try await driver.observe(id)?.autostart == false)
            #expect(try await site.get("/v1/tree/ai/gpu")["pending"] == [])
            #expect(try await site.get("/v1/tree/ai/gpu")["state"] == "running")
        }
    }

    @Test(
        "reconcile brings a machine to what is wanted, and without that leaves it", arguments: ["running", "stopped"])
    func reconcile(_ state: String) async throws {
        try await with([:]) { site, driver, _ in
            if state == "stopped" { #expect(try await site.run("start", "/ai/gpu")["state"] == "done") }
            let before = try await driver.list().map(\.power)
            #expect(try await site.run("reconcile", "/ai/gpu")["state"] == "done")
            #expect(try await driver.list().map(\.power) == before)
            #expect(try await site.patch("/v1/tree/ai/gpu", ["wanted": .string(state)]).status == 200)
            let operation = try await site.run("reconcile", "/ai/gpu")
            #expect(operation["state"] == "done", "\(operation.text)")
            #expect(try await site.get("/v1/tree/ai/gpu")["state"] == .string(state))
            let again = try await site.run("reconcile", "/ai/gpu")
            #expect(again["steps"]?.list?.compactMap { $0.map?["text"] } == ["observe"], "\(again.text)")
        }
    }

    @Test("what is kept is restored by itself; somebody's own verb holds until another leads back, or reconcile")
    func keeping() async throws {
        var options = Service.Options()
        options.keeping = Patience(firstPause: .milliseconds(10), longestPause: .milliseconds(10))
        try await with(["wanted": ["state": "running", "keep": true]], options) { site, driver, id in
            func isRunning() async throws -> Bool { try await site.get("/v1/tree/ai/gpu")["state"] == "running" }
            try await eventually("it is started") { try await isRunning() }
            try await driver.stop(id, grace: .zero)
            try await eventually("it is started again") {
                let operations = try await site.get("/v1/operations?path=/ai/gpu")["operations"]?.list ?? []
                return operations.count { $0.map?["wanted"] == true && $0.map?["state"] == "done" } >= 2
            }
            try await eventually("it runs") { try await isRunning() }
            let newest = try await site.get("/v1/operations?limit=1")["operations"]?.list?.first?.map
            #expect(newest?["verb"] == "start" && newest?["principal"] == "headwaterd" && newest?["keep"] == true)

            for (verb, back) in [("stop", "start"), ("poweroff", "reconcile")] {
                let stop = try await site.run(verb, "/ai/gpu")
                #expect(stop["state"] == "done")
                #expect(
                    stop["steps"]?.list?.first?.map?["text"]
                        == "wanted: running is kept, and not restored now until a verb leads back to it, or reconcile")
                // Looked at many times.
                try await Task.sleep(for: .milliseconds(400))
                let entry = try await site.get("/v1/tree/ai/gpu")
                #expect(entry["state"] == "stopped", "\(entry.text)")
                #expect(entry["vm"]?.map?["held"] == "wanted: running is not restored until somebody asks for it")
                #expect(try await site.run(back, "/ai/gpu")["state"] == "done")
                #expect(try await isRunning())
                #expect(try await site.get("/v1/tree/ai/gpu")["vm"]?.map?["held"] == nil)
            }
            try await driver.stop(id, grace: .zero)
            try await eventually("it is kept again") {
                let power = try await driver.observe(id)?.power
                let isSeen = try await isRunning()
                return power == .running && isSeen
            }
        }
    }

    @Test("what does not stay as it is kept is restored after a pause only, and what fails is tried again")
    func pauses() async throws {
        var options = Service.Options()
        options.keeping = Patience(firstPause: .seconds(600), longestPause: .seconds(600))
        try await with(["wanted": ["state": "running", "keep": true]], options) { site, driver, id in
            try await eventually("it is started") { try await site.get("/v1/tree/ai/gpu")["state"] == "running" }
            try await driver.stop(id, grace: .zero)
            try await eventually("it is seen") { try await site.get("/v1/tree/ai/gpu")["state"] == "stopped" }
            try await Task.sleep(for: .milliseconds(400))
            #expect(try await driver.observe(id)?.power == .off)
        }
        options.keeping = Patience(firstPause: .milliseconds(10), longestPause: .milliseconds(10))
        try await with(["wanted": ["state": "stopped", "keep": true]], options) { site, driver, id in
            try await driver.start(id)
            try await eventually("it is stopped") { try await driver.observe(id)?.power == .off }
        }
    }

    @Test("to write it takes the rights to start and to stop, on a folder and in a prototype too")
    func rights() async throws {
        try await Site.with(tree: Trees.lab, people: ["eva"]) { site in
            let eva = site.acting(as: "eva")
            let may = { (verbs: Value) -> Value in ["access": ["users": ["eva"], "may": ["user": verbs]]] }
            let changes: [(String, Value)] = [
                ("/ai/gpu", ["wanted": "running"]), ("/ai/common", ["wanted": ["state": "stopped", "keep": true]]),
                ("/ai/common", ["prototypes": ["calm": ["wanted": "stopped"]]]),
            ]
            for (verbs, status) in [(["view", "edit", "start"], 403), (["view", "edit", "start", "stop"], 200)] {
                let names = Value.list(verbs.map(Value.string))
                #expect(try await site.patch("/v1/tree/ai/common", may(names)).status == 200)
                for (path, change) in changes {
                    let reply = try await eva.patch("/v1/tree\(path)", change)
                    #expect(reply.status == status, "\(path): \(reply.text)")
                }
            }
            #expect(try await eva.patch("/v1/tree/ai/gpu", ["note": "x"]).status == 200)
        }
    }
}
