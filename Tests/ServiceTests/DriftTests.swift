import Hypervisor
import Lifecycle
import OrderedCollections
import TestSupport
import Testing
import Tree

@testable import Service

@Suite("Asked, applied, observed")
struct DriftTests {
    @Test("start applies what a machine runs with by now, and keep leaves it as it was")
    func start() async throws {
        try await Site.with(tree: Trees.lab) { site in
            _ = try await site.run("create", "/ai/gpu")
            #expect(try await site.patch("/v1/tree/common", ["hardware": ["memory": "2GiB"]]).status == 200)
            #expect(try await site.patch("/v1/tree/common", ["disks": ["data": ["size": "1GiB"]]]).status == 200)
            let before = try await site.get("/v1/tree/ai/gpu")
            #expect(before["pending"] == ["hardware.memory", "disks.data.size"])
            #expect(
                before["differences"]?.list?.first == ["key": "hardware.memory", "computed": "2GiB"], "\(before.text)")

            let keeping = try await site.run("start", "/ai/gpu", "?keep=true")
            #expect(keeping["verb"] == "start" && keeping["keep"] == true && keeping["state"] == "done")
            #expect(texts(keeping) == ["start"])
            #expect(try await site.get("/v1/tree/ai/gpu")["vm"]?.map?["memory"] == .integer(1 << 30))

            _ = try await site.run("stop", "/ai/gpu")
            #expect(texts(try await site.run("start", "/ai/gpu")) == ["update", "start"])
            let after = try await site.get("/v1/tree/ai/gpu")
            #expect(after["vm"]?.map?["memory"] == .integer(2 << 30) && after["state"] == "running")
            #expect(after["pending"] == ["disks.data.size"] && after["vm"]?.map?["disks"] == [:])

            #expect(try await site.run("rebuild", "/ai/gpu")["state"] == "done")
            let rebuilt = try await site.get("/v1/tree/ai/gpu")
            #expect(rebuilt["pending"] == [] && rebuilt["vm"]?.map?["disks"]?.map?.keys.elements == ["data"])
            #expect(try await site.post("/v1/tree/ai/gpu:stop?keep=true").status == 400)
        }
    }

    @Test("what was changed on the hypervisor is shown, and put right by reconcile")
    func reconcile() async throws {
        let hypervisors = Connections()
        try await Site.with(tree: Trees.lab, hypervisors: hypervisors) { site in
            _ = try await site.patch("/v1/tree/ai/gpu", ["disks": ["data": ["size": "1GiB"]]])
            _ = try await site.run("create", "/ai")
            let driver = hypervisors.driver(for: Endpoint(name: "m", driver: .memory, uri: "memory:///m"))
            let made = try #require(try await driver.list().first)
            let mac = try #require(made.nics.first?.mac)
            let before = Specification(
                id: made.id, name: made.name, endpoint: Endpoint(name: "m", driver: .memory, uri: "memory:///m"),
                cpus: 4,
                nics: [NIC(name: "eth0", network: .network("lan"), mac: mac)])
            var after = before
            after.cpus = 7
            after.nics = [NIC(name: "net7", network: .bridge("br0"), mac: mac)]
            try await driver.update(before, to: after)
            // A start as it is leaves what somebody changed, and sees it.
            _ = try await site.run("start", "/ai/gpu", "?keep")
            let entry = try await site.get("/v1/tree/ai/gpu")
            #expect(entry["pending"] == [])
            #expect(entry["drift"] == ["hardware.cpus", "nics.eth0.network"])
            #expect(
                entry["differences"]?.list?.first == ["key": "hardware.cpus", "applied": 4, "observed": 7],
                "\(entry.text)")
            let again = try await site.run("reconcile", "/ai/gpu")
            #expect(again["state"] == "done" && texts(again).contains("update"), "\(again.text)")
            let righted = try #require(try await driver.observe(made.id))
            #expect(righted.cpus == 4 && righted.nics.map(\.name) == ["eth0"] && righted.nics.first?.mac == mac)
            #expect(righted.disks.map(\.capacity) == [Size(bytes: 1 << 30)])
            let right = try await site.get("/v1/tree/ai/gpu")
            #expect(right["drift"] == [] && right["state"] == "running", "\(right.text)")
        }
    }

    @Test("reconcile of a folder puts right each machine that was changed, running or not, and no other")
    func folder() async throws {
        let hypervisors = Connections()
        try await Site.with(tree: Trees.lab, hypervisors: hypervisors) { site in
            _ = try await site.run("create", "/so")
            _ = try await site.run("start", "/so/ana/web")
            let endpoint = Endpoint(name: "m", driver: .memory, uri: "memory:///m")
            let driver = hypervisors.driver(for: endpoint)
            for machine in try await driver.list() {
                let made = Specification(id: machine.id, name: machine.name, endpoint: endpoint)
                var changed = made
                changed.cpus = 2
                try await driver.update(made, to: changed)
            }
            let whole = try await site.run("reconcile", "")
            #expect(whole["state"] == "done", "\(whole.text)")
            let parts =
                try await site.get("/v1/operations?parent=\(whole["id"]?.integer ?? 0)")["operations"]?.list ?? []
            let steps = Dictionary(
                uniqueKeysWithValues: parts.map { ($0.map?["path"]?.string ?? "", texts($0)) })
            #expect(steps["/ai/gpu"] == ["nothing to do"])
            let cpus = "found: hardware.cpus was 1, and is 2 on the hypervisor"
            #expect(steps["/so/ana/db"]?.first == "observe" && steps["/so/ana/db"]?.contains(cpus) == true)
            #expect(steps["/so/ana/db"]?.last == "update")
            #expect(
                steps["/so/ana/web"]?.last == "the VM runs on as it is; what was written holds from its next start")
            #expect(try await driver.list().map(\.cpus) == [1, 1])
            for path in ["/so/ana/web", "/so/ana/db"] {
                #expect(try await site.get("/v1/tree\(path)")["drift"] == [])
            }
        }
    }

    @Test(
        "what is missing or is there beside is said without what is empty in it",
        arguments: [
            ([:], nil, "disks.data is missing on the hypervisor"),
            (nil, [:], "disks.data is on the hypervisor, and was not there"),
            (["size": "1GiB"], nil, "disks.data was {\"size\":\"1GiB\"}, and is missing on the hypervisor"),
        ] as [(Value?, Value?, String)])
    func sentences(_ before: Value?, _ after: Value?, _ text: String) {
        #expect(Difference(key: ["disks", "data"], before: before, after: after).sentence == text)
    }

    @Test(
        "what reconcile does not write is said with what helps and loses nothing more",
        arguments: [
            ([("root", [:], "/pool/web.nightly")], "virsh blockcommit", ["rebuild", "keep-disks"]),
            ([("data", [:], nil)], "both with --keep-disks", ["rebuild", "release", "blockcommit"]),
            (
                [("root", [:], "/pool/web.nightly"), ("data", [:], nil)], "both with --keep-disks",
                ["rebuild", "release"]
            ),
            ([("vdb", nil, [:])], "rebuild makes it and all its disks anew", ["keep-disks", "blockcommit"]),
        ] as [([(String, Value?, Value?)], String, [String])])
    func remedies(_ disks: [(String, Value?, Value?)], _ named: String, _ unnamed: [String]) {
        let left = disks.map { Difference(key: ["disks", Tree.Key($0.0)], before: $0.1, after: $0.2) }
        let text = Difference.remedies(for: left).joined(separator: "; ")
        #expect(text.contains(named), "\(text)")
        for word in unnamed { #expect(!text.contains(word), "\(text)") }
    }

    @Test("a machine removed on the hypervisor says so, and reconcile takes it back to provisioned")
    func removed() async throws {
        let hypervisors = Connections()
        try await Site.with(tree: Trees.lab, hypervisors: hypervisors) { site in
            _ = try await site.run("create", "/ai/gpu")
            let driver = hypervisors.driver(for: Endpoint(name: "m", driver: .memory, uri: "memory:///m"))
            for machine in try await driver.list() {
                _ = try await driver.destroy(machine.id, disks: [], keepDisks: true)
            }
            try await eventually("it is missed") {
                try await site.get("/v1/tree/ai/gpu")["state"] == "failed"
            }
            let entry = try await site.get("/v1/tree/ai/gpu")
            #expect(entry["drift"] == [] && entry["vm"] == .null)
            #expect(
                entry["reason"]
                    == "the hypervisor no longer has the VM: it was created when it was removed there; create makes it again, with keepDisks on the disks that it left; where it was moved, unmanaged lists it and adopt takes it over; reconcile takes the descriptor back to provisioned"
            )
            _ = try await site.run("reconcile", "/ai/gpu")
            #expect(try await site.get("/v1/tree/ai/gpu")["state"] == "provisioned")
        }
    }

    private func texts(_ reply: Reply) -> [String] { texts(reply.json) }

    private func texts(_ operation: Value) -> [String] {
        operation.map?["steps"]?.list?.compactMap { $0.map?["text"]?.string } ?? []
    }
}
