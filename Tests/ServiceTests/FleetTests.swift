import HTTP
import OrderedCollections
import Secrets
import Store
import Testing
import Tree

@testable import Service

@Suite("A fleet", .timeLimit(.minutes(5)))
struct FleetTests {
    @Test("of 200 on a slow hypervisor that fails now and then: each is created, or has failed with a reason")
    func creation() async throws {
        try await Site.with(tree: Trees.lab) { site in
            try await site.change(hypervisor: ["latency": 0.2, "faults": 0.1, "concurrency": 32])
            let fleet = try await site.post(
                "/v1/apply",
                ["new": true, "entries": [["path": "/lab/web-{001..200}", "definition": ["prototype": "web"]]]])
            #expect(fleet["entries"] == 200, "\(fleet.text)")
            let create = try await site.run("create", "/lab")
            #expect(create["progress"] == ["done": 200, "total": 200], "\(create.text)")
            let parts = try await site.get("/v1/operations?parent=\(create["id"]?.integer ?? 0)&limit=1000")
            let operations = parts["operations"]?.list?.compactMap(\.map) ?? []
            #expect(operations.count == 200 && operations.allSatisfy { $0["ended"] != nil })
            var counts: [String: Int] = [:]
            for operation in operations {
                let path = operation["path"]?.string ?? ""
                let entry = try await site.get("/v1/tree\(path)")
                let state = entry["state"]?.string ?? ""
                counts[state, default: 0] += 1
                switch operation["state"]?.string {
                case "done":
                    #expect(state == "created" && operation["error"] == nil, "\(path)")
                default:
                    #expect(state == "failed" && operation["state"] == "failed", "\(path)")
                    #expect(
                        entry["reason"]?.string?.hasSuffix("this call failed because faults is 0.1") == true, "\(path)")
                    #expect(operation["error"] == entry["reason"], "\(path)")
                }
            }
            // One call makes a machine: 20 of 200 are expected to fail, and 1 or 80 are not.
            #expect((1...80).contains(counts["failed"] ?? 0) && counts.values.reduce(0, +) == 200, "\(counts)")
            #expect((create["state"] == "failed") == (counts["failed"] ?? 0 > 0))
        }
    }

    @Test("of one user does not delay another's single machine, whoever asked first")
    func fairness() async throws {
        try await Site.with(tree: Trees.lab, users: ["eva"]) { site, users in
            let eva = try #require(users.first)
            try await site.change(hypervisor: ["latency": 0.05, "concurrency": 2])
            _ = try await site.post("/v1/apply", ["entries": [["path": "/lab/web-{001..100}"]]])
            let batch = try await site.post("/v1/tree/lab:create")
            #expect(try await eva.run("create", "/ai/gpu")["state"] == "done")
            let whole = try await site.get(batch.header("Location") ?? "")
            #expect(whole["state"] == "running", "the batch had ended: \(whole.text)")
            #expect(try await site.delete(batch.header("Location") ?? "").status == 200)
            let ended = try await site.get("\(batch.header("Location") ?? "")?wait=60")
            #expect(ended["state"] == "cancelled" && ended["progress"] == ["done": 100, "total": 100])
        }
    }

    @Test("that is not all new is not written at all, if it was to be")
    func new() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let taken = try await site.post(
                "/v1/apply", ["new": true, "entries": [["path": "/ai/gpu"], ["path": "/ai/web-{1..3}"]]])
            #expect(taken.status == 409)
            #expect(taken.detail == "/ai/gpu of 4 exists already; expected free paths, nothing was written")
            #expect(try await site.get("/v1/tree/ai/web-1").status == 404)
            let wrong = try await site.post(
                "/v1/apply",
                ["new": true, "entries": [["path": "/ai/web-{1..3}", "definition": ["prototype": "none"]]]])
            #expect(wrong.status == 422, "\(wrong.text)")
            #expect(try await site.get("/v1/tree/ai/web-1").status == 404)
        }
    }
}

extension Site {
    /// Runs `body` with a new site, and with the same as other superusers see it.
    static func with(tree: String, users: [String], _ body: (Site, [Site]) async throws -> Void) async throws {
        try await with(tree: tree) { site in
            let tokens = try users.map { user in
                let token = try Token.random()
                _ = try site.store.add(
                    TokenRecord(hash: token.hash.bytes, principal: user, isSuperuser: true, created: 0))
                return token.reveal()
            }
            site.server.stop()
            await site.service.close()
            try site.store.close()
            try await resume(site.directory) { site in
                let others = tokens.map {
                    Site(
                        directory: site.directory, store: site.store, service: site.service, server: site.server,
                        token: $0)
                }
                try await body(site, others)
            }
        }
    }
}
