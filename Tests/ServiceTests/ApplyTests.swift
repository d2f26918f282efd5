import Formats
import HTTP
import OrderedCollections
import Store
import Testing
import Tree

@testable import Service

@Suite("Applying many entries at once")
struct ApplyTests {
    @Test("all entries become one revision, and applying them again becomes none")
    func twice() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let again = try await site.post("/v1/apply", yaml: Trees.lab)
            #expect(
                again.json == ["revision": 2, "entries": 7, "created": 0, "changed": 0, "unchanged": 7, "removed": 0])
            let more = try await site.post(
                "/v1/apply",
                yaml: "entries: [{path: /ai/gpu, definition: {note: n}}, {path: /x/y}, {path: /so, kind: folder}]")
            // The folder /x too.
            #expect(
                more.json == [
                    "revision": 3, "entries": 3, "created": 2, "changed": 2, "unchanged": 0, "removed": 0,
                ])
            #expect(try await site.get("/v1/tree/x")["kind"] == "folder")
        }
    }

    @Test("what is counted is what the plan said: folders made on the way, and all that a folder took with it")
    func counts() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let request: Value = [
                "entries": [["path": "/new/a/b/web"], ["path": "/new/a/db"], ["path": "/ai", "kind": "folder"]],
                "prune": true,
            ]
            let plan = try await site.post("/v1/plan", request)
            func planned(_ change: String) -> Int {
                plan["changes"]?.list?.count { $0.map?["change"] == .string(change) } ?? 0
            }
            #expect(planned("created") == 5 && planned("removed") > 3, "\(plan.text)")
            let made = try await site.post("/v1/apply", request)
            #expect(made["created"] == 5, "\(made.text)")
            #expect(made["removed"] == .integer(planned("removed")), "\(made.text)")
        }
    }

    @Test("very many are entered while they are checked, and leave nothing if they are refused")
    func many() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let count = 2_500
            let before = try site.store.load()
            func apply(last: Value, _ query: String = "") async throws -> Reply {
                var entries: [Value] = (1..<count).map {
                    ["path": .string("/ai/m\($0)"), "definition": ["vars": ["n": 1]]]
                }
                entries.append(["path": "/ai/z", "definition": last])
                return try await site.post("/v1/apply\(query)", ["entries": .list(entries)])
            }
            let broken = try await apply(last: ["vars": ["url": "${{ vars.nowhere }}"]])
            #expect(broken.status == 422)
            #expect(broken.text.contains("${{ vars.nowhere }} leads nowhere"))
            let clash = try await apply(last: ["certname": "m1.ai.lab.example"], "?force=true")
            #expect(clash.status == 409, "\(clash.text)")
            let outdated = try await apply(last: [:], "?plan=\(String(repeating: "0", count: 32))")
            #expect([400, 409].contains(outdated.status), "\(outdated.text)")
            let after = try site.store.load()
            #expect(after.revision == before.revision)
            #expect(after.entries.map(\.path) == before.entries.map(\.path))
            #expect(try await site.get("/v1/tree/ai/m1").status == 404)

            let sound = try await apply(last: [:])
            #expect(sound["revision"] == .integer(before.revision + 1))
            #expect(sound["created"] == .integer(count))
            #expect(try site.store.load().entries.count == before.entries.count + count)
            #expect(try await site.get("/v1/tree/ai/z").status == 200)
        }
    }

    @Test("one entry that is wrong refuses all")
    func allOrNothing() async throws {
        try await Site.with(tree: Trees.lab) { site in
            for (yaml, status, detail) in [
                (
                    "entries: [{path: /n1}, {path: /n2, definition: {varz: {}}}]", 422,
                    "/n2: varz: unknown key \"varz\"; did you mean \"vars\"?"
                ),
                (
                    "entries: [{path: /n1}, {path: /so, kind: vm}]", 409,
                    "/so is a folder; expected the kind to stay, or the entry to be deleted first"
                ),
                ("entries: [{path: /n1}, {path: /n1}]", 400, "entries[1]: /n1 is given twice; expected each path once"),
                (
                    "entries: [{path: /n1}, {path: /n1}, {path: /N2}, {king: vm}]", 400,
                    "entries[1]: /n1 is given twice; expected each path once"
                ),
                ("{root: /so, entries: [{path: /n1}]}", 400, "entries[0]: /n1 does not stand below the root /so"),
                ("entries: [{kind: vm}]", 400, "entries[0]: expected \"path\""),
                (
                    "entries: [{path: /n1, king: vm}]", 400,
                    "entries[0]: unknown member \"king\"; did you mean \"kind\"?"
                ),
                ("entries: {}", 400, "the body: expected \"entries\" to be a list, found a map"),
                ("entrees: []", 400, "the body: unknown member \"entrees\"; did you mean \"entries\"?"),
                (
                    "entries: [{path: /n1, definition: {certname: \(Trees.web)}}]", 409,
                    "/n1: certname: the certname \"\(Trees.web)\" would be that of both /so/ana/web and /n1; "
                        + "expected one that is unique in the tree: set certname on one of them"
                ),
            ] {
                let reply = try await site.post("/v1/apply", yaml: yaml)
                #expect(reply.status == status && reply.detail == detail, "\(yaml): \(reply.text)")
                #expect(reply.revision == 2)
            }
            #expect(try await site.get("/v1/tree/n1").status == 404)
        }
    }

    @Test("prune removes what is below the root and not listed, with its machines unless they exist")
    func prune() async throws {
        try await Site.with(tree: Trees.lab) { site in
            #expect(try await site.run("create", "/so/ana/db")["state"] == "done")
            let body =
                "{root: /so, prune: true, entries: [{path: /so/new/vm}, {path: /so/ana/web, definition: {prototype: web}}]}"
            let refused = try await site.post("/v1/apply", yaml: body)
            #expect(refused.status == 409)
            #expect(refused.detail == "/so/ana/db has a VM: destroy it first, or ask with destroy=true")
            #expect(try await site.run("destroy", "/so/ana/db")["state"] == "done")
            #expect(try await site.post("/v1/apply", yaml: body).status == 200)
            let paths = try await site.get("/v1/tree?recursive&fields=path")["entries"]?.list?
                .compactMap { $0.map?["path"]?.string }
            #expect(paths == ["/", "/ai", "/ai/gpu", "/so", "/so/ana", "/so/ana/web", "/so/new", "/so/new/vm"])
        }
    }

    @Test("a path that counts makes that many machines, or none if one of them cannot be")
    func batch() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let reply = try await site.post(
                "/v1/apply", yaml: "entries: [{path: '/lab/web-{008..011}', definition: {prototype: web}}]")
            #expect(reply["entries"] == 4 && reply["revision"] == 3, "\(reply.text)")
            #expect(reply["created"] == 5, "the four and /lab: \(reply.text)")
            let paths = try await site.get("/v1/tree/lab?recursive&fields=path")["entries"]?.list?
                .compactMap { $0.map?["path"]?.string }
            #expect(paths == ["/lab", "/lab/web-008", "/lab/web-009", "/lab/web-010", "/lab/web-011"])
            #expect(try await site.get("/v1/computed/lab/web-010")["vars"]?.map?["role"] == "web")
            for (path, status, detail) in [
                (
                    "/lab/x{2..1}", 400,
                    "entries[0]: \"/lab/x{2..1}\": expected one count of a lower to a higher number, such as web-{001..040}"
                ),
                (
                    "/lab/x{1..2}y{1..2}", 400,
                    "entries[0]: \"/lab/x{1..2}y{1..2}\": expected one count of a lower to a higher number, such as web-{001..040}"
                ),
                (
                    "/lab/x{1..100001}", 413,
                    "entries[0]: /lab/x{1..100001} makes 100001 entries: expected at most 100000 more in one request"
                ),
            ] {
                let refused = try await site.post("/v1/apply", ["entries": [["path": .string(path)]]])
                #expect(refused.status == status && refused.detail == detail, "\(refused.text)")
            }
            let late = try await site.post("/v1/apply", yaml: "entries: [{path: '/lab/x{1..100000}'}, {path: /lab/y}]")
            #expect(late.detail == "entries[1]: /lab/y makes 1 entries: expected at most 0 more in one request")
            let broken = try await site.post(
                "/v1/apply", yaml: "entries: [{path: '/lab/db-{1..3}', definition: {vars: {x: '${{ vars.none }}'}}}]")
            #expect(broken.status == 422 && broken["machines"] == 3 && broken.revision == 3)
        }
    }

    @Test("100,000 entries are taken, one more is 413")
    func limit() async throws {
        try await Site.with { site in
            let entries = (0...100_000).map { Value.map(["path": .string("/f\($0 % 100)/m\($0)")]) }
            let over = try await site.post("/v1/apply", ["entries": .list(entries)])
            #expect(over.status == 413)
            #expect(over.detail == "100001 entries: expected at most 100000 in one request")
            #expect(over.revision == 1)
        }
    }
}
