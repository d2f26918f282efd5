import HTTP
import Hypervisor
import Lifecycle
import OrderedCollections
import Testing
import Tree

@testable import Service

@Suite("A machine on a hypervisor that does not come back")
struct ForgetTests {
    private func steps(_ operation: Reply) -> [String] {
        operation["steps"]?.list?.compactMap { $0.map?["text"]?.string } ?? []
    }

    private func forgotten(_ site: Site) async throws -> [Map] {
        let rows = try await site.get("/v1/audit?limit=100")["entries"]?.list?.compactMap(\.map) ?? []
        return rows.filter { $0["action"] == "forget" }
    }

    @Test(
        "is forgotten, and the operation and the audit log name what is left behind", arguments: ["destroy", "delete"])
    func gone(way: String) async throws {
        let hindrance = Hindrance()
        try await Site.with(tree: Trees.lab, hypervisors: hindrance.connections) { site async throws in
            _ = try await site.patch("/v1/tree/ai/gpu", ["disks": ["root": ["size": "1MiB"]]])
            #expect(try await site.run("create", "/ai/gpu")["state"] == "done")
            #expect(try await site.run("start", "/ai/gpu")["state"] == "done")
            let id = try await site.get("/v1/tree/ai/gpu")["vm"]?.map?["uuid"]?.string ?? ""
            hindrance.isDown = true
            let waiting = try await site.post("/v1/tree/ai/gpu:stop").header("Location") ?? ""
            _ = try await site.until(waiting) { ($0["steps"]?.list?.count ?? 0) >= 2 }

            let operation: Reply
            if way == "destroy" {
                operation = try await site.run("destroy", "/ai/gpu", "?forget=true")
                let entry = try await site.get("/v1/tree/ai/gpu")
                #expect(entry["state"] == "provisioned" && entry["vm"] == .null, "\(entry.text)")
            } else {
                #expect(try await site.delete("/v1/tree/ai/gpu").status == 409)
                let deleted = try await site.delete("/v1/tree/ai/gpu?forget=true")
                #expect(deleted.status == 204, "\(deleted.text)")
                let whole = try await site.get("/v1/operations?limit=1")["operations"]?.list?.first?.map?["id"]?.integer
                let parts = try await site.get("/v1/operations?parent=\(whole ?? 0)")["operations"]?.list
                operation = try await site.get("/v1/operations/\(parts?.first?.map?["id"]?.integer ?? 0)")
            }
            #expect(operation["state"] == "done", "\(operation.text)")
            let left = "hypervisor m (memory:///m): domain ai.gpu, UUID \(id), disks default/\(id)-root"
            #expect(
                steps(operation) == [
                    "destroy", "hypervisor m: no route to host",
                    "forgets it; left behind, if it is still there: \(left)",
                ])
            #expect(try await site.get(waiting)["state"] == "cancelled", "what waits for the hypervisor is given up")
            let rows = try await forgotten(site)
            #expect(rows.map { $0["subject"] } == [.string(left)])
            #expect(rows.map { $0["principal"] } == ["ana"] && rows.map { $0["path"] } == ["/ai/gpu"])
        }
    }

    @Test("is not forgotten where the hypervisor does what was asked for")
    func there() async throws {
        let hypervisors = Connections()
        try await Site.with(tree: Trees.lab, hypervisors: hypervisors) { site async throws in
            let driver = hypervisors.driver(for: Endpoint(name: "m", driver: .memory, uri: "memory:///m"))
            _ = try await site.patch("/v1/tree/ai/gpu", ["disks": ["root": ["size": "1MiB"]]])
            #expect(try await site.run("create", "/ai/gpu")["state"] == "done")
            let destroyed = try await site.run("destroy", "/ai/gpu", "?forget=true")
            #expect(destroyed["state"] == "done" && steps(destroyed) == ["destroy"], "\(destroyed.text)")
            #expect(try await driver.list() == [])
            #expect(try await site.run("create", "/ai/gpu")["state"] == "done")
            let id = try await site.get("/v1/tree/ai/gpu")["vm"]?.map?["uuid"]?.string ?? ""
            let kept = try await site.run("destroy", "/ai/gpu", "?forget=true&keepDisks=true")
            #expect(steps(kept) == ["destroy", "left: default/\(id)-root"], "\(kept.text)")
            #expect(try await site.run("create", "/ai/gpu", "?keepDisks=true")["state"] == "done")
            #expect(steps(try await site.run("release", "/ai/gpu", "?forget=true")) == ["release"])
            #expect(try await driver.list().map(\.isOurs) == [false])
            #expect(try await forgotten(site) == [])
            #expect(try await site.post("/v1/tree/ai/gpu:start?forget=true").status == 400)
        }
    }

    @Test("can be deleted whose hypervisor never was: a slip in its URI keeps nobody")
    func slip() async throws {
        var options = Service.Options()
        options.patience = Patience(total: .zero)
        let uri = "qemu+unix:///system?socket=/nonexistent/socket"
        let tree = """
            entries:
              - {path: /so, kind: folder, definition: {hypervisor: h, hypervisors: {h: {uri: "\(uri)"}}}}
              - {path: /so/web, kind: vm}
            """
        try await Site.with(options, tree: tree) { site async throws in
            #expect(try await site.run("create", "/so/web")["state"] == "failed")
            #expect(try await site.delete("/v1/tree/so?recursive=true&destroy=true").status == 409)
            let deleted = try await site.delete("/v1/tree/so?recursive=true&forget=true")
            #expect(deleted.status == 204, "\(deleted.text)")
            let rows = try await forgotten(site)
            let subject = rows.first?["subject"]?.string ?? ""
            #expect(subject.hasPrefix("hypervisor h (\(uri)): domain so.web, UUID "), "\(subject)")
        }
    }

    @Test("is forgotten by those who are trusted with what is beyond the tree, and by no others")
    func rights() async throws {
        try await Courses.with { site async throws in
            let teresa = site.acting(as: "teresa")
            for (method, target) in [
                ("POST", "/v1/tree/courses/so/alice/web:destroy?forget=true"),
                ("POST", "/v1/tree/courses/so:release?forget=true"),
                ("DELETE", "/v1/tree/courses/so/alice/web?forget=true"),
            ] {
                let refused = try await teresa.send(method, target)
                #expect(refused.status == 403 && refused.detail.contains("\"trust\""), "\(target): \(refused.text)")
            }
            #expect(try await teresa.send("POST", "/v1/tree/courses/so/alice/web:destroy").status == 202)
        }
    }
}
