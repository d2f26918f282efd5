import HTTP
import OrderedCollections
import Testing
import Tree

@testable import Service

@Suite("Reading and changing the tree")
struct TreeTests {
    @Test("an entry says its path, kind, names, state, definition and what is wrong with it")
    func entries() async throws {
        try await Site.with(tree: Trees.lab) { site in
            #expect(
                try await site.get("/v1/tree/so/ana/db").json == [
                    "path": "/so/ana/db", "kind": "vm", "certname": "db.ana.so.lab.example", "state": "provisioned",
                    "definition": ["vars": ["role": "db"]], "vm": .null, "pending": [], "drift": [], "differences": [],
                    "revision": 2, "problems": [],
                ])
            #expect(
                try await site.get("/v1/tree/so/").json == [
                    "path": "/so", "kind": "folder", "definition": ["vars": ["course": "SO"]], "revision": 2,
                    "problems": [], "children": [["name": "ana", "kind": "folder"]],
                ])
            let root = try await site.get("/v1/tree")
            #expect(root["path"] == "/")
            #expect(root.json == (try await site.get("/v1/tree/").json))
            #expect(try await site.get("/v1/tree/common").json == root["definition"])
            let reply = try await site.get("/v1/tree/so/bob")
            #expect(reply.status == 404)
            #expect(reply.detail == "/so/bob does not exist")
            #expect(try await site.get("/v1/tree/ai/gpu/common").status == 404)
            #expect(
                try await site.get("/v1/tree/ai/gpu?fields=state,path").json == [
                    "path": "/ai/gpu", "state": "provisioned",
                ])
        }
    }

    @Test("names that are none are refused with what would do")
    func names() async throws {
        try await Site.with { site in
            for (path, detail) in [
                (
                    "/Web",
                    "/Web: \"Web\" is not a name: expected 1 to 63 of a-z, 0-9 and inner hyphens; \"web\" would do"
                ),
                (
                    "/a/common/b",
                    "/a/common/b: \"common\" is reserved for a folder's own definition and cannot name an entry"
                ),
                (
                    "/a%20b",
                    "/a b: \"a b\" is not a name: expected 1 to 63 of a-z, 0-9 and inner hyphens; \"a-b\" would do"
                ),
            ] {
                let reply = try await site.put("/v1/tree\(path)", ["kind": "vm"])
                #expect(reply.status == 400)
                #expect(reply.detail == detail)
            }
            #expect(try await site.put("/v1/tree/%77%65b", ["kind": "folder"])["path"] == "/web")
            let deepest = String(repeating: "/a", count: 32)
            #expect(try await site.put("/v1/tree\(deepest)?parents=true", ["kind": "vm"]).status == 201)
            #expect(try await site.get("/v1/tree\(deepest)").status == 200)
            #expect(try await site.put("/v1/tree/b\(deepest)?parents=true", ["kind": "vm"]).status == 400)
        }
    }

    @Test("PUT creates and replaces, and asks for a folder above")
    func put() async throws {
        try await Site.with { site in
            let orphan = try await site.put("/v1/tree/a/b", ["kind": "vm"])
            #expect(orphan.status == 409)
            #expect(orphan.detail == "the folder /a does not exist; create it first, or ask with parents=true")
            #expect(try await site.put("/v1/tree/a/b?parents", ["kind": "vm"]).status == 201)
            let again = try await site.put("/v1/tree/a/b", ["definition": ["note": "n"]])
            #expect(again.status == 200 && again.revision == 3)
            let same = try await site.put("/v1/tree/a/b", ["definition": ["note": "n"]])
            #expect(same.status == 200 && same.revision == 3)
            for (target, body, status, detail) in [
                ("/a/b/c", ["kind": "vm"], 409, "/a/b is a vm and holds no entries; expected a folder"),
                (
                    "/a", ["kind": "vm"], 409,
                    "/a is a folder; expected the kind to stay, or the entry to be deleted first"
                ),
                ("/a/b/common", [:], 409, "/a/b is a vm; expected the kind to stay, or the entry to be deleted first"),
                ("/new", [:], 400, "/new does not exist yet: expected \"kind\" to be \"folder\" or \"vm\""),
                (
                    "/new", ["kind": "host"], 400,
                    "the entry: expected \"kind\" to be \"folder\" or \"vm\", found the string \"host\""
                ),
                ("/new", ["kin": "vm"], 400, "the entry: unknown member \"kin\"; did you mean \"kind\"?"),
                (
                    "/new", ["kind": "vm", "definition": []], 400,
                    "the entry: expected \"definition\" to be a map, found a list"
                ),
                ("/new", 1, 400, "expected the entry to be a map, found an integer"),
            ] as [(String, Value, Int, String)] {
                let reply = try await site.put("/v1/tree\(target)", body)
                #expect(reply.status == status, "\(target) \(body)")
                #expect(reply.detail == detail)
            }
        }
    }

    @Test(
        "PATCH merges as the cases of RFC 7396 do",
        arguments: [
            (["a": "b"], ["a": "c"], ["a": "c"]), (["a": "b"], ["b": "c"], ["a": "b", "b": "c"]),
            (["a": "b"], ["a": .null], [:]), (["a": "b", "b": "c"], ["a": .null], ["b": "c"]),
            (["a": ["b"]], ["a": "c"], ["a": "c"]), (["a": "c"], ["a": ["b"]], ["a": ["b"]]),
            (["a": ["b": "c"]], ["a": ["b": "d", "c": .null]], ["a": ["b": "d"]]),
            (["a": [["b": "c"]]], ["a": [1]], ["a": [1]]), (["e": .null], ["a": 1], ["e": .null, "a": 1]),
            ([:], ["a": ["bb": ["ccc": .null]]], ["a": ["bb": [:]]]),
        ] as [(Map, Map, Map)])
    func patch(_ target: Map, _ patch: Map, _ result: Map) async throws {
        #expect(target.patched(with: patch) == result)
        try await Site.with { site in
            _ = try await site.put("/v1/tree/x", ["kind": "vm", "definition": ["vars": .map(target)]])
            let reply = try await site.patch("/v1/tree/x", ["vars": .map(patch)])
            #expect(reply.status == 200)
            #expect(reply["definition"] == ["vars": .map(result)])
        }
    }

    @Test("PATCH asks for a map, an entry, and a folder where a common is meant")
    func patchTargets() async throws {
        try await Site.with(tree: Trees.lab) { site in
            #expect(try await site.patch("/v1/tree/none", [:]).status == 404)
            #expect(try await site.patch("/v1/tree/ai/gpu/common", ["note": "n"]).status == 404)
            #expect(
                try await site.patch("/v1/tree/ai/gpu", ["note"]).detail
                    == "expected the patch to be a map, found a list")
            let common = try await site.patch("/v1/tree/ai/common", ["note": "n"])
            #expect(common["definition"]?.map?["note"] == "n")
        }
    }

    @Test("patches make no definition that could not be read back")
    func patchesThatGrow() async throws {
        try await Site.with { site in
            _ = try await site.put("/v1/tree/x", ["kind": "folder"])
            let half = Value.list(Array(repeating: 1, count: 600_000))
            #expect(try await site.patch("/v1/tree/x", ["vars": ["a": half]]).status == 200)
            let more = try await site.patch("/v1/tree/x", ["vars": ["b": half]])
            #expect(more.status == 413)
            #expect(
                more.detail
                    == "the definition as patched would be too large: the document holds more than 1000000 values; expected at most 1000000"
            )
        }
    }

    @Test("DELETE takes an empty folder, or all below with recursive; of the root only what is below")
    func delete() async throws {
        try await Site.with(tree: Trees.lab) { site in
            for (target, status, detail) in [
                ("/none", 404, "/none does not exist"),
                ("/so/ana", 409, "/so/ana holds 2 entries; delete what it holds first, or ask with recursive=true"),
                ("/so", 409, "/so holds 1 entry; delete what it holds first, or ask with recursive=true"),
                ("", 409, "the root cannot be deleted; recursive=true deletes all that is below it"),
                (
                    "/so/common", 409,
                    "a folder always has a definition; expected PUT with {} to empty it, or DELETE of the folder"
                ),
            ] {
                let reply = try await site.delete("/v1/tree\(target)")
                #expect(reply.status == status && reply.detail == detail, "\(target): \(reply.text)")
            }
            let one = try await site.delete("/v1/tree/so/ana/db")
            #expect(one.status == 204 && one.body.isEmpty && one.revision == 3)
            #expect(try await site.delete("/v1/tree/so?recursive=true").status == 204)
            #expect(try await site.get("/enc/\(Trees.web)").status == 404)
            #expect(try await site.delete("/v1/tree?recursive=true").revision == 5)
            #expect(try await site.get("/v1/tree")["children"] == [])
            let root = try await site.get("/v1/tree/common")
            #expect(root["domain"] == "lab.example")
            #expect(try await site.delete("/v1/tree?recursive=true").revision == 5)
        }
    }

    @Test("an entry moves with all below it and keeps its identity; the tools know it by its new name")
    func move() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let reply = try await site.post("/v1/tree/so/ana:move", ["to": "/ai/eva"])
            #expect(reply.status == 201 && reply["path"] == "/ai/eva")
            #expect(try await site.get("/enc/\(Trees.web)").status == 404)
            #expect(try await site.get("/hiera/web.eva.ai.lab.example/course").json == "AI")
            for (from, body, status, detail) in [
                ("/ai", ["to": "/ai/x"], 409, "/ai cannot move into itself"),
                ("/ai", ["to": "/so"], 409, "/so exists already; expected a free path"),
                ("/ai", ["to": "/none/x"], 409, "the folder /none does not exist; create it first"),
                ("/so", ["to": "/ai/gpu/x"], 409, "/ai/gpu is a vm and holds no entries; expected a folder"),
                ("", ["to": "/x"], 409, "the root can be neither moved nor copied"),
                ("/none", ["to": "/x"], 404, "/none does not exist"),
                ("/so", [:], 400, "expected {\"to\": \"/a/path\"}"),
                (
                    "/so", ["to": "x"], 400,
                    "\"x\" is not a path: expected one that begins with /, such as /courses/so/web"
                ),
                ("/so", ["too": "/x"], 400, "the body: unknown member \"too\"; did you mean \"to\"?"),
            ] as [(String, Value, Int, String)] {
                let reply = try await site.post("/v1/tree\(from):move", body)
                #expect(reply.status == status && reply.detail == detail, "\(from): \(reply.text)")
            }
        }
    }

    @Test("a copy is provisioned and has neither VM nor addresses of the original")
    func copy() async throws {
        try await Site.with(tree: Trees.lab) { site in
            _ = try await site.put(
                "/v1/tree/so/ana/fix",
                [
                    "kind": "vm",
                    "definition": [
                        "nics": [
                            "eth0": [
                                "mac": "52:54:00:00:00:01", "ipv4": ["10.0.0.7"], "ipv6": ["fd00::7"], "model": "e1000",
                            ]
                        ],
                        "note": "kept",
                    ],
                ])
            #expect(try await site.run("create", "/so/ana")["state"] == "done")
            #expect(try await site.get("/v1/tree/so/ana/web")["state"] == "created")
            #expect(try await site.post("/v1/tree/so/ana:copy", ["to": "/so/bob"]).status == 201)
            let copy = try await site.get("/v1/tree/so/bob/fix")
            #expect(copy["state"] == "provisioned" && copy["vm"] == .null)
            #expect(copy["definition"] == ["nics": ["eth0": ["model": "e1000"]], "note": "kept"])
            let headwater = try await site.get("/hiera/fix.bob.so.lab.example/headwater")
            #expect(headwater["nics"] == ["eth0": ["mac": .null, "ipv4": [], "ipv6": []]])
            #expect(try await site.run("create", "/so/bob")["state"] == "done")
            #expect(try await site.get("/v1/tree/so/ana/web")["state"] == "created")
        }
    }

    @Test("a list is sorted, paged by a cursor, and narrowed by fields and selector")
    func lists() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let all = ["/", "/ai", "/ai/gpu", "/so", "/so/ana", "/so/ana/db", "/so/ana/web"]
            var seen: [String] = []
            var target: String? = ""
            while let after = target {
                let page = try await site.get("/v1/tree?recursive&fields=path&limit=3\(after)")
                seen += (page["entries"]?.list ?? []).compactMap { $0.map?["path"]?.string }
                #expect(page["entries"]?.list?.allSatisfy { $0.map?.keys == ["path"] } == true)
                target = page["next"]?.string.map { "&after=\($0)" }
            }
            #expect(seen == all)
            for (query, paths) in [
                ("selector=vars.role=db", ["/so/ana/db"]), ("selector=state=running", []),
                ("selector=path~/so/**", ["/so/ana/db", "/so/ana/web"]), ("selector=!vars.role", ["/ai/gpu"]),
                ("selector=vars.role%20in%20(web,db),certname!=db.ana.so.lab.example", ["/so/ana/web"]),
            ] {
                let reply = try await site.get("/v1/tree?recursive&\(query)")
                #expect((reply["entries"]?.list ?? []).compactMap { $0.map?["path"]?.string } == paths, "\(query)")
            }
            #expect(try await site.get("/v1/tree/ai?recursive")["entries"]?.list?.count == 2)
        }
    }

    @Test("computed says what a machine gets, or what a folder hands down")
    func computed() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let web = try await site.get("/v1/computed/so/ana/web")
            #expect(web["vars"]?.map?["url"] == .string("http://\(Trees.web)"))
            #expect(web["puppet"] == ["classes": ["nginx"]])
            #expect(
                try await site.get("/v1/computed/so")["vars"] == ["site": "north", "ntp": ["a", "b"], "course": "SO"])
            #expect(try await site.get("/v1/computed/none").status == 404)
        }
    }
}
