import OrderedCollections
import Store
import Testing
import Tree

@testable import Service

@Suite("Reverting a revision")
struct RevertTests {
    @Test("undoes a change by a new revision with its author and message, byte by byte as it was before")
    func change() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let then = try await site.get("/v1/tree/so/common").text
            _ = try await site.patch("/v1/tree/so/common", ["note": "n", "vars": ["course": "OS", "deep": ["er": 1]]])
            let reply = try await site.post("/v1/revisions/3:revert?message=over")
            #expect(reply.status == 200, "\(reply.text)")
            #expect(reply["number"] == 4 && reply["principal"] == "ana" && reply["message"] == "over")
            #expect(reply.revision == 4)
            #expect(reply["changes"]?.list?.count == 1)
            #expect(try await site.get("/v1/tree/so/common").text == then)
            let again = try await site.post("/v1/revisions/4:revert")
            #expect(again["message"] == "revert of revision 4")
            #expect(try await site.get("/v1/tree/so/common")["note"] == "n")
        }
    }

    @Test("leaves what was changed at other keys and other entries since")
    func partial() async throws {
        try await Site.with(tree: Trees.lab) { site in
            _ = try await site.patch("/v1/tree/so/common", ["vars": ["course": "OS", "m": ["a": 1]]])
            _ = try await site.patch("/v1/tree/so/common", ["vars": ["other": true]])
            #expect(try await site.post("/v1/revisions/3:revert").status == 200)
            #expect(try await site.get("/v1/tree/so/common").json == ["vars": ["course": "SO", "other": true]])
        }
    }

    @Test("puts back the order of keys, and what was removed in its place among them")
    func order() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let common = "/v1/tree/so/common"
            let first: Value = ["vars": ["a": 1, "b": ["x": 1, "y": 2], "c": 3]]
            _ = try await site.put(common, first)  // 3
            _ = try await site.put(common, ["vars": ["c": 3, "b": ["y": 2, "x": 1], "a": 1]])  // 4
            _ = try await site.patch(common, ["note": "n"])  // 5
            #expect(try await site.post("/v1/revisions/4:revert").status == 200)
            #expect(
                try await site.get(common).json == ["vars": ["a": 1, "b": ["x": 1, "y": 2], "c": 3], "note": "n"])
            _ = try await site.patch(common, ["vars": ["b": .null]])  // 7
            _ = try await site.patch(common, ["note": "m"])  // 8
            #expect(try await site.post("/v1/revisions/7:revert").status == 200)
            #expect(
                try await site.get(common).json == ["vars": ["a": 1, "b": ["x": 1, "y": 2], "c": 3], "note": "m"])
        }
    }

    @Test("is refused where something later is in the way, which is named; nothing is changed")
    func obstacles() async throws {
        try await Site.with(tree: Trees.lab) { site in
            _ = try await site.patch("/v1/tree/so/common", ["vars": ["course": "OS", "x": 1, "y": 1]])  // 3
            _ = try await site.patch("/v1/tree/so/common", ["vars": ["course": "S", "x": .null]])  // 4
            _ = try await site.patch("/v1/tree/so/common", ["vars": ["z": 1]])  // 5
            let reply = try await site.post("/v1/revisions/3:revert")
            #expect(reply.status == 409)
            #expect(
                reply.detail
                    == "revision 3 cannot be reverted: /so: vars.course: it is the string \"S\" since revisions 4, 5")
            #expect(reply["path"] == "/so" && reply["key"] == "vars.course")
            #expect(reply.revision == 5)
        }
    }

    @Test("brings back what was deleted, with its identity and below its folder")
    func deleted() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let web = try await site.get("/enc/\(Trees.web)")
            let id = try #require(try site.store.load().entries.first { "\($0.path)" == "/so/ana/web" }?.id)
            #expect(try await site.delete("/v1/tree/so?recursive=true").status == 204)
            #expect(try await site.get("/enc/\(Trees.web)").status == 404)
            #expect(try await site.post("/v1/revisions/3:revert").status == 200)
            #expect(try await site.get("/enc/\(Trees.web)")["classes"] == web["classes"])
            #expect(try site.store.load().entries.first { "\($0.path)" == "/so/ana/web" }?.id == id)
            let again = try await site.post("/v1/revisions/3:revert")
            #expect(again.status == 409)
            #expect(again.detail == "revision 3 is undone already: nothing of what it changed is there any more")
            let plan = try await site.post("/v1/plan", ["revert": 3])
            #expect(plan.status == 409 && plan.detail == again.detail, "\(plan.text)")
        }
    }

    @Test("deletes what was made, unless it was changed, holds something new, or has a VM")
    func made() async throws {
        try await Site.with(tree: Trees.lab) { site in
            _ = try await site.put("/v1/tree/x/vm?parents=true", ["kind": "vm", "definition": [:]])  // 3
            _ = try await site.put("/v1/tree/x/new", ["kind": "folder"])  // 4
            let holds = try await site.post("/v1/revisions/3:revert")
            #expect(holds.status == 409)
            #expect(holds.detail == "/x holds /x/new, which came there since; move or delete it first")
            _ = try await site.delete("/v1/tree/x/new")  // 5
            #expect(try await site.run("create", "/x/vm")["state"] == "done")
            #expect(
                try await site.post("/v1/revisions/3:revert").detail
                    == "revision 3 cannot be reverted: /x/vm: it has a VM; destroy it first")
            #expect(try await site.run("destroy", "/x/vm")["state"] == "done")
            _ = try await site.patch("/v1/tree/x/vm", ["note": "n"])  // 6
            #expect(
                try await site.post("/v1/revisions/3:revert").detail
                    == "revision 3 cannot be reverted: /x/vm: it was changed since revision 6")
            #expect(try await site.post("/v1/revisions/6:revert").status == 200)
            #expect(try await site.post("/v1/revisions/3:revert").status == 200)
            #expect(try await site.get("/v1/tree/x").status == 404)
        }
    }

    @Test("moves back what was moved, with its later changes; not onto something else")
    func moved() async throws {
        try await Site.with(tree: Trees.lab) { site in
            _ = try await site.post("/v1/tree/so/ana:move", ["to": "/ai/eva"])  // 3
            _ = try await site.patch("/v1/tree/ai/eva/web", ["note": "n"])  // 4
            _ = try await site.put("/v1/tree/so/ana", ["kind": "folder"])  // 5
            #expect(
                try await site.post("/v1/revisions/3:revert").detail == "/so/ana exists already; expected a free path")
            _ = try await site.delete("/v1/tree/so/ana")  // 6
            #expect(try await site.post("/v1/revisions/3:revert").status == 200)
            #expect(try await site.get("/v1/tree/so/ana/web")["definition"]?.map?["note"] == "n")
            #expect(try await site.get("/v1/tree/ai/eva").status == 404)
            _ = try await site.post("/v1/tree/so/ana:move", ["to": "/so/bo"])  // 8
            #expect(
                try await site.post("/v1/revisions/4:revert").detail
                    == "revision 4 cannot be reverted: /ai/eva/web: it was moved to /so/bo/web since revisions 7, 8")
        }
    }

    @Test("that would break machines is refused unless it is forced; of one that is not there is 404")
    func breaking() async throws {
        try await Site.with(tree: Trees.lab) { site in
            _ = try await site.patch("/v1/tree/common", ["vars": ["needed": 1]])  // 3
            _ = try await site.patch("/v1/tree/ai/gpu", ["vars": ["x": "${{ vars.needed }}"]])  // 4
            let reply = try await site.post("/v1/revisions/3:revert")
            #expect(reply.status == 422)
            #expect(reply.detail.hasPrefix("the change would break one machine's definition: /ai/gpu: vars.x: "))
            #expect(try await site.post("/v1/revisions/3:revert?force").status == 200)
            #expect(
                try await site.post("/v1/revisions/99:revert").detail == "there is no revision 99; the newest is 5")
        }
    }

    @Test("undoes the newest revision whatever it did: every document is again what it was")
    func newest() async throws {
        try await Site.with(tree: Trees.lab) { site in
            func tree() async throws -> Value? {
                let entries = try await site.get("/v1/tree?recursive&fields=path,kind,definition")
                return entries["entries"]
            }
            for (method, target, body) in [
                ("PATCH", "/v1/tree/common", ["vars": ["site": .null, "n": ["m": 1]]]),
                ("POST", "/v1/tree/so:move", ["to": "/ai/so"]), ("POST", "/v1/tree/so/ana:copy", ["to": "/so/bea"]),
                ("DELETE", "/v1/tree/so/ana?recursive=true", nil), ("DELETE", "/v1/tree?recursive=true", nil),
                (
                    "POST", "/v1/apply",
                    [
                        "prune": true,
                        "entries": [
                            ["path": "/ai", "kind": "folder", "definition": ["vars": ["course": "AI2"]]],
                            ["path": "/new/er/vm", "kind": "vm"],
                        ],
                    ]
                ),
            ] as [(String, String, Value?)] {
                let then = try await tree()
                let bytes = body.map { Array($0.jsonText.utf8) } ?? []
                let reply = try await site.send(method, target, [("Content-Type", "application/json")], body: bytes)
                try #require(reply.status < 300, "\(method) \(target): \(reply.text)")
                #expect(try await tree() != then)
                let number = try #require(reply.revision)
                let reverted = try await site.post("/v1/revisions/\(number):revert")
                #expect(reverted.status == 200, "\(method) \(target): \(reverted.text)")
                #expect(try await tree() == then, "\(method) \(target)")
            }
        }
    }
}
