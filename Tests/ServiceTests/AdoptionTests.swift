import Hypervisor
import Lifecycle
import OrderedCollections
import Testing
import Tree

@testable import Service

@Suite("VMs that were there before")
struct AdoptionTests {
    @Test("libvirt's own VM is listed, adopted without a touch, seen, and released as it was")
    func libvirt() async throws {
        let hypervisors = Connections()
        try await Site.with(tree: Trees.lab, hypervisors: hypervisors) { site in
            let driver = hypervisors.driver(for: Endpoint(name: "t", driver: .libvirt, uri: "test:///default"))
            let before = try #require(try await driver.list().first { $0.name == "test" })
            _ = try await site.patch(
                "/v1/tree/common", ["hypervisors": ["t": ["driver": "libvirt", "uri": "test:///default"]]])
            let listed = try await unmanaged(site).first { $0["domain"] == "test" }
            #expect(listed?["uuid"] == .string("\(before.id)") && listed?["hypervisor"] == "t")
            #expect(listed?["cpus"] == 2 && listed?["folder"] == "/")

            let body: Value = ["hypervisor": "t", "uuid": .string("\(before.id)")]
            let adopted = try await site.post("/v1/tree/so/old:adopt", body)
            #expect(adopted.status == 201, "\(adopted.text)")
            #expect(adopted["state"] == "running" && adopted["drift"] == [], "\(adopted.text)")
            #expect(
                adopted["definition"] == [
                    "hypervisor": "t", "hardware": ["cpus": 2, "memory": "8GiB"],
                    "disks": ["vda": ["size": "1073736768KiB"]],
                    "nics": ["eth0": ["mac": "aa:bb:cc:dd:ee:ff", "network": "lan"]],
                ])
            #expect(adopted["pending"] == [])
            #expect(try await driver.list().first { $0.name == "test" } == before)
            #expect(try await unmanaged(site).contains { $0["uuid"] == .string("\(before.id)") } == false)

            let twice = try await site.post("/v1/tree/so/other:adopt", body)
            #expect(twice.status == 409)
            #expect(twice.detail == "the VM \(before.id) belongs to /so/old; move that, or adopt the VM there")
            let owned = try await site.post("/v1/tree/so/old:adopt", body)
            #expect(owned.status == 409)

            #expect(try await site.run("release", "/so/old")["state"] == "done")
            #expect(try await site.get("/v1/tree/so/old")["state"] == "provisioned")
            #expect(try await driver.list().first { $0.name == "test" } == before)
            let made = try await site.run("create", "/so/old")
            #expect(made["state"] == "failed", "\(made.text)")
            #expect(try await driver.list().first { $0.name == "test" } == before)
            #expect(
                made["error"]?.string?.hasSuffix(
                    "there is a VM of this UUID that was not made here, or was released, and is not written over; adopt "
                        + "takes it over") == true)
            #expect(try await site.run("reconcile", "/so/old")["state"] == "done")
            #expect(try await site.get("/v1/tree/so/old")["state"] == "provisioned")
            #expect(try await site.post("/v1/tree/so/old:adopt", body)["state"] == "running")
        }
    }

    @Test("a released VM is adopted again at its descriptor, which keeps what it says beside the VM")
    func again() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let said: Value = ["vars": ["role": "gpu"], "note": "ana's", "autostart": true, "hardware": ["cpus": 3]]
            #expect(try await site.patch("/v1/tree/ai/gpu", said).status == 200)
            for verb in ["create", "start", "release"] {
                #expect(try await site.run(verb, "/ai/gpu")["state"] == "done", "\(verb)")
            }
            let uuid = try await unmanaged(site).first?["uuid"] ?? .null
            let adopted = try await site.post("/v1/tree/ai/gpu:adopt", ["hypervisor": "m", "uuid": uuid])
            #expect(adopted.status == 201 && adopted["state"] == "running", "\(adopted.text)")
            let definition = adopted["definition"]?.map ?? [:]
            #expect(definition["vars"] == ["role": "gpu"] && definition["note"] == "ana's", "\(adopted.text)")
            #expect(definition["autostart"] == true && definition["hardware"]?.map?["cpus"] == 3)
            #expect(definition["hypervisor"] == "m")
        }
    }

    @Test("what cannot be adopted says why, and a hypervisor that is down is named in the list")
    func refusals() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let id = EntryID.random()
            for (path, body, status, detail) in [
                (
                    "/so/x", ["hypervisor": "m", "uuid": .string("\(id)")], 404,
                    "hypervisor m has no VM \(id); see /v1/unmanaged"
                ),
                ("/so/x", ["hypervisor": "m", "uuid": "7"], 400, "uuid: \"7\" is no UUID"),
                (
                    "/so/x", ["hypervisor": "none", "uuid": .string("\(id)")], 422,
                    "/so: hypervisor: no hypervisor is named \"none\" here; there is m"
                ),
                (
                    "/so/x", [:], 400,
                    "expected {\"hypervisor\": \"name\", \"uuid\": \"…\"}, as /v1/unmanaged lists them"
                ),
            ] as [(String, Value, Int, String)] {
                let reply = try await site.post("/v1/tree\(path):adopt", body)
                #expect(reply.status == status && reply.detail == detail, "\(reply.text)")
            }
            let uri = "qemu+unix:///system?socket=/nonexistent/socket&mode=direct"
            _ = try await site.patch("/v1/tree/so/common", ["hypervisors": ["down": ["uri": .string(uri)]]])
            let reply = try await site.get("/v1/unmanaged")
            #expect(reply["unreachable"]?.list?.count == 1 && reply["machines"] == [])
            #expect(reply["unreachable"]?.list?.first?.map?["hypervisor"] == "down", "\(reply.text)")
        }
    }

    private func unmanaged(_ site: Site) async throws -> [Map] {
        try await site.get("/v1/unmanaged")["machines"]?.list?.compactMap(\.map) ?? []
    }
}
