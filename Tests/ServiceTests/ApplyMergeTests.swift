import OrderedCollections
import TestSupport
import Testing
import Tree

@testable import Service

@Suite("Applying what was taken from an earlier revision")
struct ApplyMergeTests {
    @Test("keeps what others changed, made and deleted since, and tells what the directory does not have")
    func merge() async throws {
        try await Site.with(tree: Trees.lab) { site in
            _ = try await site.patch("/v1/tree/so/common", ["vars": ["theirs": 1]])
            _ = try await site.put("/v1/tree/so/new", ["kind": "vm"])
            _ = try await site.delete("/v1/tree/so/ana/db")
            _ = try await site.post("/v1/tree/so/ana/web:move", ["to": "/so/www"])
            let reply = try await site.post(
                "/v1/apply",
                yaml: """
                    {root: /so, base: 2, prune: true, entries: [
                      {path: /so, kind: folder, definition: {vars: {course: SO, ours: 1}}},
                      {path: /so/ana, kind: folder}, {path: /so/ana/db, definition: {vars: {role: db}}},
                      {path: /so/ana/web, definition: {prototype: web, vars: {url: "http://${{ self.certname }}"}}},
                      {path: /so/ours}]}
                    """)
            #expect(reply.status == 200, "\(reply.text)")
            #expect(reply["created"] == 1 && reply["changed"] == 1 && reply["revision"] == 7)
            let web: Value = ["prototype": "web", "vars": ["url": "http://${{ self.certname }}"]]
            #expect(
                reply["merged"] == [
                    [
                        "path": "/so", "kind": "folder",
                        "definition": ["vars": ["course": "SO", "ours": 1, "theirs": 1]],
                    ],
                    ["path": "/so/ana/db", "kind": "vm", "removed": true],
                    ["path": "/so/ana/web", "kind": "vm", "removed": true],
                    ["path": "/so/new", "kind": "vm", "definition": [:]],
                    ["path": "/so/www", "kind": "vm", "definition": web],
                ])
            #expect(try await site.paths("/so") == ["/so", "/so/ana", "/so/new", "/so/ours", "/so/www"])
        }
    }

    @Test("contradictions are told key by key with who made them, and nothing is written")
    func contradictions() async throws {
        try await Site.with(tree: Trees.lab) { site in
            _ = try await site.patch("/v1/tree/so/common", ["vars": ["course": "OS"]])  // 3
            _ = try await site.patch("/v1/tree/so/common", ["note": "later"])  // 4
            _ = try await site.delete("/v1/tree/so/ana/db")  // 5
            _ = try await site.patch("/v1/tree/so/ana/web", ["vars": ["x": 1]])  // 6
            _ = try await site.put("/v1/tree/so/new", ["kind": "vm", "definition": ["note": "a"]])  // 7
            let reply = try await site.post(
                "/v1/apply",
                yaml: """
                    {root: /so, base: 2, prune: true, entries: [
                      {path: /so, kind: folder, definition: {vars: {course: X, free: 1}}},
                      {path: /so/ana/db, definition: {vars: {role: sql}}}, {path: /so/new, definition: {note: b}}]}
                    """)
            #expect(reply.status == 409 && reply["base"] == 2 && reply["count"] == 4)
            #expect(
                reply.detail
                    == "what came since revision 2 contradicts this: /so: vars.course: it is the string \"OS\" since "
                    + "revision 3 (ana), was the string \"SO\" and would be the string \"X\" (and 3 more)")
            let told = try #require(reply["conflicts"]?.list).compactMap(\.map)
            #expect(
                told.map { "\($0["path"]?.string ?? "") \($0["key"]?.string ?? "") \($0["revision"]?.integer ?? 0)" }
                    == [
                        "/so vars.course 3", "/so/ana/db vars.role 5", "/so/new note 7", "/so/ana/web vars.x 6",
                    ])
            #expect(told[0]["base"] == "SO" && told[0]["theirs"] == "OS" && told[0]["ours"] == "X")
            #expect(told[0]["principal"] == "ana" && told[0]["time"]?.string?.hasSuffix("Z") == true)
            #expect(told[1]["detail"] == "its entry was deleted in revision 5 (ana)")
            #expect(told[1]["theirs"] == nil && told[1]["ours"] == "sql")
            #expect(
                told[3]["detail"]
                    == "it is the integer 1 since revision 6 (ana), was not there and would be removed")
            #expect(reply.revision == 7)
            #expect(try await site.get("/v1/tree/so/common")["vars"] == ["course": "OS"])
        }
    }

    @Test("another order of keys is a change, which a deletion contradicts")
    func order() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let (first, other): (Value, Value) = (["vars": ["a": 1, "b": 2]], ["vars": ["b": 2, "a": 1]])
            _ = try await site.put("/v1/tree/lists", ["kind": "folder"])  // 3
            for name in ["x", "y"] {  // 4, 5
                _ = try await site.put("/v1/tree/lists/\(name)", ["kind": "vm", "definition": first])
            }
            _ = try await site.put("/v1/tree/lists/x", ["kind": "vm", "definition": other])  // 6
            _ = try await site.delete("/v1/tree/lists/y")  // 7
            let folder: Value = ["path": "/lists", "kind": "folder"]
            let y: Value = ["path": "/lists/y", "kind": "vm", "definition": other]
            let reply = try await site.post(
                "/v1/apply", ["root": "/lists", "base": 5, "prune": true, "entries": [folder, y]])
            #expect(reply.status == 409 && reply["count"] == 2, "\(reply.text)")
            let told = try #require(reply["conflicts"]?.list).compactMap(\.map)
            #expect(told.compactMap { $0["path"]?.string } == ["/lists/y", "/lists/x"], "\(reply.text)")
            #expect(told.allSatisfy { $0["key"] == "vars" }, "\(reply.text)")
        }
    }

    @Test("with ours the directory wins where it contradicts, and nowhere else; what it never saw is not deleted")
    func ours() async throws {
        try await Site.with(tree: Trees.lab) { site in
            _ = try await site.patch("/v1/tree/so/common", ["vars": ["course": "OS", "theirs": 1]])
            let body: (String) -> String = { entries in
                "{root: /so, base: 2, ours: true, prune: true, entries: \(entries)}"
            }
            let mine = "{path: /so, kind: folder, definition: {vars: {course: X}}}"
            let whole = "[\(mine), {path: /so/ana, kind: folder}, {path: /so/ana/web, definition: {note: n}}]"
            #expect(try await site.post("/v1/apply", yaml: body(whole)).status == 200)
            #expect(try await site.get("/v1/tree/so/common")["vars"] == ["course": "X", "theirs": 1])
            #expect(try await site.get("/v1/tree/so/ana/db").status == 404)
            _ = try await site.put("/v1/tree/so/ana/new", ["kind": "vm"])
            let refused = try await site.post("/v1/apply", yaml: body("[\(mine)]"))
            #expect(refused.status == 409)
            #expect(
                refused.detail.hasSuffix(
                    "/so/ana/new: it is in what would be deleted, and was made in revision 5 (ana)"))
            _ = try await site.delete("/v1/tree/so/ana?recursive")
            let lost = "[\(mine), {path: /so/ana, kind: folder, definition: {note: back}}, {path: /so/ana/more}]"
            #expect(try await site.post("/v1/apply", yaml: body(lost)).status == 200)
            #expect(try await site.get("/v1/tree/so/ana/common").json == ["note": "back"])
        }
    }

    @Test("a new entry whose folder was deleted or moved contradicts, an unchanged one goes with it")
    func folders() async throws {
        try await Site.with(tree: Trees.lab) { site in
            _ = try await site.post("/v1/tree/so/ana:move", ["to": "/ai/ana"])
            let same = """
                {path: /so/ana, kind: folder},
                {path: /so/ana/web, definition: {prototype: web, vars: {url: "http://${{ self.certname }}"}}}
                """
            let gone = try await site.post("/v1/apply", yaml: "{root: /so, base: 2, entries: [\(same)]}")
            #expect(gone.status == 200 && gone.revision == 3, "\(gone.text)")
            let reply = try await site.post(
                "/v1/apply", yaml: "{root: /so, base: 2, entries: [\(same), {path: /so/ana/more}]}")
            #expect(reply.status == 409)
            #expect(
                reply.detail.hasSuffix("/so/ana/more: its folder /so/ana was moved to /ai/ana in revision 3 (ana)"),
                "\(reply.detail)")
        }
    }

    @Test("is what a plain apply is where nothing came since, for random trees")
    func plain() async throws {
        var seed = Seeded()
        for _ in 0..<12 {
            let (before, after) = (seed.entries(), seed.entries())
            var trees: [String] = []
            for extra in [[:], ["base": 2]] as [Map] {
                try await Site.with { site in
                    #expect(try await site.post("/v1/apply", ["entries": .list(before)]).status == 200)
                    let body: Map = ["root": "/a", "prune": true, "entries": .list(after)]
                    let reply = try await site.post("/v1/apply", .map(body.merging(extra) { $1 }))
                    #expect(reply.status == 200, "\(seed): \(reply.text)")
                    if extra["base"] != nil { #expect(reply["merged"] == [], "\(seed)") }
                    trees.append(try await site.get("/v1/tree/a?recursive&fields=path,kind,definition").text)
                }
            }
            #expect(trees[0] == trees[1], "\(seed)")
        }
    }

    @Test(
        "a base that makes no sense is refused in words",
        arguments: [
            ("base: 9", 404, "base: there is no revision 9; the newest is 2"),
            ("base: x", 400, "the body: expected \"base\" to be a number from 0 upward, found the string \"x\""),
            ("ours: true", 400, "ours: expected it with base, the revision that the entries were taken from"),
        ])
    func refusals(_ member: String, _ status: Int, _ detail: String) async throws {
        try await Site.with(tree: Trees.lab) { site in
            let reply = try await site.post("/v1/apply", yaml: "{\(member), entries: []}")
            #expect(reply.status == status && reply.detail == detail, "\(reply.text)")
        }
    }
}

extension Site {
    fileprivate func paths(_ path: String) async throws -> [String] {
        try await get("/v1/tree\(path)?recursive&fields=path")["entries"]?.list?
            .compactMap { $0.map?["path"]?.string } ?? []
    }
}

extension Seeded {
    /// Some entries below `/a`, which is among them.
    fileprivate mutating func entries() -> [Value] {
        var entries: [Value] = [["path": "/a", "kind": "folder", "definition": definition()]]
        for folder in ["x", "y"] where chance(70) {
            entries.append(["path": .string("/a/\(folder)"), "kind": "folder", "definition": definition()])
            for name in ["m", "n"] where chance(60) {
                entries.append(["path": .string("/a/\(folder)/\(name)"), "definition": definition()])
            }
        }
        return entries
    }

    private mutating func definition() -> Value {
        var vars: Map = [:]
        for name in ["a", "b", "c"].shuffled(using: &self) where chance(60) {
            vars[name] = chance(30) ? ["k": .integer(Int.random(in: 0..<3, using: &self))] : .integer(1)
        }
        return chance(20) ? [:] : ["vars": .map(vars)]
    }
}
