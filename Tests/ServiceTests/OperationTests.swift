import HTTP
import Hypervisor
import Lifecycle
import OrderedCollections
import Store
import Testing
import Tree

@testable import Service

@Suite("What is done to machines")
struct OperationTests {
    @Test("a machine is created, started, stopped and destroyed, and keeps its addresses")
    func life() async throws {
        try await Site.with(tree: Trees.lab) { site in
            var macs: [Value?] = []
            for _ in 0..<2 {
                for (verb, state, power) in [
                    ("create", "created", "off"), ("start", "running", "running"), ("pause", "paused", "paused"),
                    ("resume", "running", "running"), ("reboot", "running", "running"), ("stop", "stopped", "off"),
                    ("rebuild", "created", "off"),
                ] {
                    let operation = try await site.run(verb, "/so/ana/web")
                    #expect(operation["state"] == "done", "\(operation.text)")
                    let entry = try await site.get("/v1/tree/so/ana/web")
                    #expect(entry["state"] == .string(state), "\(verb)")
                    #expect(entry["vm"]?.map?["power"] == .string(power), "\(verb)")
                    #expect(entry["vm"]?.map?["hypervisor"] == "m")
                    macs.append(entry["vm"]?.map?["nics"]?.map?["eth0"]?.map?["mac"])
                    let headwater = try await site.get("/hiera/\(Trees.web)/headwater")
                    #expect(headwater["state"] == .string(state))
                }
                #expect(try await site.run("destroy", "/so/ana/web")["state"] == "done")
                let entry = try await site.get("/v1/tree/so/ana/web")
                #expect(entry["state"] == "provisioned" && entry["vm"] == .null)
            }
            #expect(Set(macs).count == 1 && macs.first??.string != nil)
        }
    }

    @Test("an operation says what it is, what it did, and how it ended")
    func document() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let reply = try await site.run("create", "/ai/gpu")
            let keys = reply.json.map.map { Array($0.keys) }
            #expect(
                keys == [
                    "id", "verb", "path", "state", "progress", "steps", "principal", "created", "started", "ended",
                ])
            #expect(reply["verb"] == "create" && reply["path"] == "/ai/gpu" && reply["principal"] == "ana")
            #expect(reply["progress"] == ["done": 1, "total": 1])
            #expect(reply["steps"]?.list?.compactMap { $0.map?["text"] } == ["create"])
            let again = try await site.run("create", "/ai/gpu")
            #expect(again["steps"]?.list?.compactMap { $0.map?["text"] } == ["nothing to do"])
            let list = try await site.get("/v1/operations?limit=1")
            #expect(list["operations"]?.list == [again.json])
            for (id, detail) in [
                ("99", "there is no operation 99"),
                ("x", "there is no operation \"x\"; operations are numbered from 1"),
            ] {
                let reply = try await site.get("/v1/operations/\(id)")
                #expect(reply.status == 404 && reply.detail == detail)
            }
        }
    }

    @Test("what a state forbids is refused at once, with the reason")
    func refusals() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let start = try await site.post("/v1/tree/ai/gpu:start")
            #expect(start.status == 409 && start["state"] == "provisioned")
            #expect(
                start.detail
                    == "/ai/gpu: cannot start while provisioned: the hypervisor has no VM for it; create it first")
            _ = try await site.patch("/v1/tree/ai/gpu", ["hypervisor": "none"])
            let create = try await site.post("/v1/tree/ai/gpu:create")
            #expect(create.status == 422)
            #expect(create.detail == "/ai/gpu: hypervisor: no hypervisor is named \"none\" here; there is m")
            #expect(try await site.post("/v1/tree/none:create").status == 404)
            #expect(try await site.get("/v1/operations")["operations"] == [])
        }
    }

    @Test("on a folder it is done to the machines that the selector means, each as a part")
    func folders() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let create = try await site.run("create", "/so", "?selector=vars.role=web")
            #expect(create["state"] == "done" && create["progress"] == ["done": 1, "total": 1])
            let all = try await site.run("start", "")
            #expect(all["state"] == "failed" && all["progress"] == ["done": 3, "total": 3])
            #expect(
                all["error"]
                    == "2 of 3 machines failed: /ai/gpu: cannot start while provisioned: the hypervisor has no VM for it; create it first"
            )
            let parts = try await site.get("/v1/operations?parent=\(all["id"]?.integer ?? 0)")
            #expect(parts["operations"]?.list?.count == 3)
            #expect(try await site.get("/v1/tree/so/ana/web")["state"] == "running")
            for path in ["/so", "/ai/gpu"] {
                let none = try await site.run("create", path, "?selector=vars.role=none")
                #expect(none["state"] == "done" && none["progress"] == ["done": 0, "total": 0], "\(none.text)")
            }
        }
    }

    @Test("no two cards of a fleet have one address")
    func macs() async throws {
        let fleet = "entries: [" + (0..<60).map { "{path: /lab/m\($0)}" }.joined(separator: ", ") + "]"
        try await Site.with(tree: Trees.lab) { site in
            #expect(try await site.post("/v1/apply", yaml: fleet).status == 200)
            #expect(try await site.run("create", "/lab")["state"] == "done")
            let entries = try await site.get("/v1/tree/lab?recursive&fields=vm")["entries"]?.list ?? []
            let macs = entries.compactMap { $0.map?["vm"]?.map?["nics"]?.map?["eth0"]?.map?["mac"]?.string }
            #expect(Set(macs).count == 60)
        }
    }

    @Test("verbs on one machine are done one after the other, and what waits can be cancelled")
    func oneAtATime() async throws {
        try await Site.with(tree: Trees.lab) { site in
            try await site.change(hypervisor: ["latency": 1.5])
            let create = try await site.post("/v1/tree/ai/gpu:create")
            let second = try await site.post("/v1/tree/ai/gpu:create")
            let third = try await site.post("/v1/tree/ai/gpu:create")
            #expect(second["state"] == "queued")
            let cancelled = try await site.delete(third.header("Location") ?? "")
            #expect(cancelled.status == 200 && cancelled["state"] == "cancelled")
            let ended = try await site.get("\(second.header("Location") ?? "")?wait=300")
            #expect(
                ended["state"] == "done" && ended["steps"]?.list?.compactMap { $0.map?["text"] } == ["nothing to do"])
            #expect(try await site.get(create.header("Location") ?? "")["state"] == "done")
            let over = try await site.delete(create.header("Location") ?? "")
            #expect(over.status == 409 && over.detail == "operation \(create["id"]?.integer ?? 0) has ended: done")
            let kept = try await site.get(third.header("Location") ?? "")
            #expect(kept["state"] == "cancelled" && kept["steps"] == [])
        }
    }

    @Test("on a folder, what is cancelled in the middle is cancelled, and tells what failed before")
    func cancelledHalfway() async throws {
        try await Site.with(tree: Trees.lab) { site in
            try await site.change(hypervisor: ["faults": 1, "latency": 0.3, "concurrency": 1])
            #expect(try await site.post("/v1/apply", ["entries": [["path": "/lab/web-{01..60}"]]]).status == 200)
            let create = try await site.post("/v1/tree/lab:create")
            let location = create.header("Location") ?? ""
            _ = try await site.until(location) { $0["progress"]?.map?["done"] != 0 }
            #expect(try await site.delete(location).status == 200)
            let ended = try await site.get("\(location)?wait=60")
            #expect(ended["state"] == "cancelled" && ended["progress"] == ["done": 60, "total": 60], "\(ended.text)")
            #expect(
                ended["error"]?.string?.wholeMatch(of: /[0-9]+ of 60 machines failed: hypervisor m: .* faults is 1.0/)
                    != nil,
                "\(ended.text)")
        }
    }

    @Test("what a machine is made of cannot be changed while it is made, which is said")
    func frozenWhileCreated() async throws {
        try await Site.with(tree: Trees.lab) { site in
            try await site.change(hypervisor: ["latency": 30])
            let create = try await site.post("/v1/tree/ai/gpu:create")
            _ = try await site.until(create.header("Location") ?? "") { $0["steps"] != [] }
            let refused = try await site.patch("/v1/tree/ai/gpu", ["disks": ["data": ["size": "1GiB"]]])
            #expect(
                refused.detail
                    == "/ai/gpu is being created, and disks.data.size cannot be changed meanwhile; wait for the operation's "
                    + "end, then destroy it, or cancel the operation", "\(refused.text)")
        }
    }

    @Test("a creation that fails says why on the operation and the machine, which is then repaired")
    func failures() async throws {
        try await Site.with(tree: Trees.lab) { site in
            try await site.change(hypervisor: ["faults": 1])
            let failed = try await site.run("create", "/ai/gpu")
            #expect(failed["state"] == "failed")
            let error = failed["error"]?.string ?? ""
            #expect(error.hasPrefix("hypervisor m: VM ") && error.hasSuffix("this call failed because faults is 1.0"))
            let entry = try await site.get("/v1/tree/ai/gpu")
            #expect(entry["state"] == "failed" && entry["reason"] == failed["error"])
            try await site.change(hypervisor: ["faults": 0])
            #expect(try await site.run("create", "/ai/gpu")["state"] == "done")
            #expect(try await site.get("/v1/tree/ai/gpu")["state"] == "created")
        }
    }

    @Test("a machine is deleted with its VM only if that is asked for")
    func deletion() async throws {
        try await Site.with(tree: Trees.lab) { site in
            #expect(try await site.run("create", "/so")["state"] == "done")
            let refused = try await site.delete("/v1/tree/so?recursive=true")
            #expect(refused.status == 409)
            #expect(refused.detail == "/so/ana/db and 1 more has a VM: destroy it first, or ask with destroy=true")
            let stale = try await site.delete("/v1/tree/so?recursive=true&destroy=true", ("If-Match", "\"old\""))
            #expect(stale.status == 412)
            #expect(try await site.get("/v1/tree/so/ana/db")["state"] == "created")
            #expect(try await site.delete("/v1/tree/so?recursive=true&destroy=true").status == 204)
            #expect(try await site.get("/v1/tree/so").status == 404)
        }
    }

    @Test("a machine that is being made is not deleted from under its hypervisor")
    func deletionMeanwhile() async throws {
        try await Site.with(tree: Trees.lab) { site in
            try await site.change(hypervisor: ["latency": 0.5])
            let create = try await site.post("/v1/tree/ai/gpu:create")
            repeat {} while try await site.get(create.header("Location") ?? "")["steps"] == []
            #expect(try await site.delete("/v1/tree/ai/gpu").status == 409)
            #expect(try await site.get("\(create.header("Location") ?? "")?wait=300")["state"] == "done")
            #expect(try await site.delete("/v1/tree/ai/gpu?destroy=true").status == 204)
        }
    }

    @Test("what a machine is made of is frozen while it exists, what it runs with while it runs")
    func frozen() async throws {
        try await Site.with(tree: Trees.lab) { site in
            _ = try await site.run("create", "/ai/gpu")
            let disks = try await site.patch("/v1/tree/ai/gpu", ["disks": ["data": ["size": "1GiB"]]])
            #expect(disks.status == 409)
            #expect(
                disks.detail
                    == "/ai/gpu is created, and disks.data.size can be changed only while it is provisioned; destroy it first"
            )
            #expect(try await site.patch("/v1/tree/ai/gpu", ["hardware": ["cpus": 2]]).status == 200)
            #expect(try await site.get("/v1/tree/ai/gpu")["pending"] == ["hardware.cpus"])
            _ = try await site.run("start", "/ai/gpu")
            let cpus = try await site.patch("/v1/tree/ai/gpu", ["hardware": ["cpus": 3]])
            #expect(cpus.status == 409)
            #expect(
                cpus.detail
                    == "/ai/gpu is running, and hardware.cpus can be changed only while it is provisioned, created or stopped; stop it first"
            )
            #expect(cpus["key"] == "hardware.cpus" && cpus["state"] == "running" && cpus["verb"] == "stop")
            #expect(try await site.patch("/v1/tree/ai/gpu", ["vars": ["a": 1]]).status == 200)
            #expect(try await site.patch("/v1/tree/ai/common", ["hardware": ["memory": "2GiB"]]).status == 200)
        }
    }

    @Test("the order of disks is frozen like the disks, which a guest names by it; a folder's waits for a rebuild")
    func order() async throws {
        func disks(_ names: [String]) -> Value {
            let size: Value = ["size": "1GiB"]
            return ["disks": .map(Map(uniqueKeysWithValues: names.map { (Tree.Key($0), size) }))]
        }
        try await Site.with(tree: Trees.lab) { site in
            let folder = "/v1/tree/ai/ordered/common"
            let made = try await site.put("/v1/tree/ai/ordered", ["kind": "folder", "definition": disks(["a", "b"])])
            try #require(made.status == 201, "\(made.text)")
            for (name, definition) in [("own", disks(["c", "d"])), ("plain", [:])] {
                let entry: Value = ["kind": "vm", "definition": definition]
                try #require(try await site.put("/v1/tree/ai/ordered/\(name)", entry).status == 201)
                try #require(try await site.run("create", "/ai/ordered/\(name)")["state"] == "done")
            }
            let own = try await site.put(
                "/v1/tree/ai/ordered/own", ["kind": "vm", "definition": disks(["d", "c"])])
            #expect(own.status == 409 && own["key"] == "disks", "\(own.text)")
            #expect(try await site.put(folder, disks(["b", "a"])).status == 200)
            let plain = try await site.get("/v1/tree/ai/ordered/plain")
            #expect(plain["pending"] == ["disks"], "\(plain.text)")
            try #require(try await site.run("rebuild", "/ai/ordered/plain")["state"] == "done")
            #expect(try await site.get("/v1/tree/ai/ordered/plain")["pending"] ?? [] == [])
        }
    }

    @Test("prototypes, unset, merge, PUT, apply and move are held to the keys that they change")
    func frozenByDetours() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let prototypes: Value = [
                "large": ["hardware": ["cpus": 8]], "other": ["firmware": "uefi"], "words": ["vars": ["a": 1]],
            ]
            _ = try await site.patch("/v1/tree/common", ["prototypes": prototypes])
            _ = try await site.put("/v1/tree/uefi", ["kind": "folder", "definition": ["firmware": "uefi"]])
            _ = try await site.run("create", "/ai/gpu")
            _ = try await site.run("start", "/ai/gpu")
            let local: Map = ["hardware": ["cpus": 4]]
            let with = { (key: Tree.Key, value: Value) in Value.map(local.merging([key: value]) { _, new in new }) }
            for (definition, key, states, verb) in [
                (with("prototype", "other"), "firmware", "provisioned", "destroy"),
                (with("unset", ["nics.eth0.network"]), "nics.eth0.network", "provisioned, created or stopped", "stop"),
                ([:], "hardware.cpus", "provisioned, created or stopped", "stop"),
                (["prototype": "large"], "hardware.cpus", "provisioned, created or stopped", "stop"),
            ] as [(Value, String, String, String)] {
                let detail =
                    "/ai/gpu is running, and \(key) can be changed only while it is \(states); \(verb) it first"
                let put = try await site.put("/v1/tree/ai/gpu", ["kind": "vm", "definition": definition])
                #expect(put.status == 409 && put.detail == detail, "\(put.text)")
                let apply = try await site.post(
                    "/v1/apply", ["entries": [["path": "/ai/gpu", "definition": definition]]])
                #expect(apply.status == 409 && apply.detail == detail, "\(apply.text)")
            }
            let move = try await site.post("/v1/tree/ai/gpu:move", ["to": "/uefi/gpu"])
            #expect(move.status == 409)
            #expect(
                move.detail
                    == "/ai/gpu is running, and firmware can be changed only while it is provisioned; destroy it first")
            #expect(try await site.post("/v1/tree/ai:move", ["to": "/uefi/ai"]).detail == move.detail)
            #expect(try await site.post("/v1/tree/ai/gpu:move", ["to": "/so/gpu"]).status == 201)
            let words = try await site.put(
                "/v1/tree/so/gpu", ["kind": "vm", "definition": with("prototype", "words")])
            #expect(words.status == 200, "\(words.text)")
        }
    }

    @Test("operations that a stop cut off are taken up again, each once")
    func restart() async throws {
        let hypervisors = Connections()
        try await Site.with(tree: Trees.lab, hypervisors: hypervisors) { site in
            #expect(try await site.run("create", "/so/ana/web")["state"] == "done")
            try await site.change(hypervisor: ["latency": 0.5])
            let create = try await site.post("/v1/tree:create")
            let rebuild = try await site.post("/v1/tree/so/ana/web:rebuild")
            let id = create["id"]?.integer ?? 0
            site.server.stop()
            await site.service.close()
            try site.store.close()
            try await Site.resume(site.directory, hypervisors: hypervisors) { site in
                let whole = try await site.get("/v1/operations/\(id)?wait=60")
                #expect(whole["state"] == "done", "\(whole.text)")
                #expect(whole["progress"] == ["done": 3, "total": 3])
                let rebuilt = try await site.get("\(rebuild.header("Location") ?? "")?wait=60")
                #expect(rebuilt["state"] == "done", "\(rebuilt.text)")
                for path in ["/so/ana/web", "/so/ana/db", "/ai/gpu"] {
                    #expect(try await site.get("/v1/tree\(path)")["state"] == "created", "\(path)")
                }
                #expect(try site.store.load().operations.isEmpty)
            }
        }
    }

    @Test("a rebuild destroys the machine where it was made, and makes it where the definition says now")
    func elsewhere() async throws {
        let hypervisors = Connections()
        try await Site.with(tree: Trees.lab, hypervisors: hypervisors) { site in
            #expect(try await site.run("create", "/ai/gpu")["state"] == "done")
            try await site.change(hypervisor: ["uri": "memory:///other"])
            #expect(try await site.run("rebuild", "/ai/gpu")["state"] == "done")
            let entry = try await site.get("/v1/tree/ai/gpu")
            #expect(entry["state"] == "created" && entry["vm"]?.map?["power"] == "off")
            for (uri, count) in [("memory:///m", 0), ("memory:///other", 1)] {
                let driver = hypervisors.driver(for: Endpoint(name: "m", driver: .memory, uri: uri))
                #expect(try await driver.list().count == count, "\(uri)")
            }
        }
    }

    @Test("a rebuild cut off after it had destroyed the machine makes it again")
    func rebuild() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let gpu = try #require(try site.store.load().entries.first { $0.path.description == "/ai/gpu" })
            let operation = try site.store.insert(
                Operation(verb: "rebuild", path: gpu.path, machine: gpu.id, principal: "ana", created: 0))
            var begun = operation
            begun.state = .running
            begun.started = 1
            try site.store.save(begun)
            let whole = try site.store.insert(
                Operation(verb: "start", path: Path("/so"), total: 0, principal: "ana", created: 0))
            site.server.stop()
            await site.service.close()
            try site.store.close()
            try await Site.resume(site.directory) { site async throws in
                #expect(try await site.get("/v1/operations/\(operation.id)?wait=60")["state"] == "done")
                #expect(try await site.get("/v1/tree/ai/gpu")["state"] == "created")
                #expect(try await site.get("/v1/operations/\(whole.id)")["state"] == "done")
            }
        }
    }

    @Test("what vanished on the hypervisor is seen; why a creation failed stays")
    func observation() async throws {
        var options = Service.Options()
        options.observationPause = .milliseconds(10)
        try await Site.with(options, tree: Trees.lab) { site in
            try await site.change(hypervisor: ["faults": 1])
            let failed = try await site.run("create", "/ai/gpu")
            try await site.change(hypervisor: ["faults": 0])
            _ = try await site.run("create", "/so/ana/db")
            try await site.change(hypervisor: ["uri": "memory:///other"])
            for _ in 0..<5 { _ = try await site.run("reconcile", "/so/ana/db") }
            let entry = try await site.get("/v1/tree/ai/gpu")
            #expect(entry["reason"] == failed["error"])
        }
    }
}

extension Site {
    /// Changes the hypervisor in memory.
    func change(hypervisor: Value) async throws {
        let reply = try await patch("/v1/tree/common", ["hypervisors": ["m": hypervisor]])
        try #require(reply.status == 200, "\(reply.text)")
    }
}
