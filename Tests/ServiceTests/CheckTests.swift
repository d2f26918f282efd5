import HTTP
import OrderedCollections
import Testing
import Tree

@testable import Service

@Suite("Changes that break machines")
struct CheckTests {
    /// 25 machines that need `vars.site`.
    private static let many =
        "entries:\n" + "  - {path: /, kind: folder, definition: {vars: {site: north}}}\n"
        + (10..<35).map { "  - {path: /m\($0), definition: {vars: {at: \"${{ vars.site }}\"}}}\n" }.joined()
        + "  - {path: /sound}\n"

    @Test("are refused with the first 20 machines and the count")
    func refused() async throws {
        try await Site.with(tree: Self.many) { site in
            let reply = try await site.put("/v1/tree/common", ["vars": [:]])
            #expect(reply.status == 422)
            #expect(reply["machines"] == 25)
            #expect(reply["problems"]?.list?.count == 20)
            let problem = "vars.at: ${{ vars.site }} leads nowhere: this machine has no vars.site"
            #expect(
                reply.detail.hasPrefix(
                    "the change would break the definitions of 25 machines: /m10: vars.at (in /m10): ${{")
                    || reply.detail == "the change would break the definitions of 25 machines: /m10: \(problem)",
                "\(reply.detail)")
            #expect(reply["path"] == "/m10" && reply["key"] == "vars.at" && reply["layer"] == "/m10")
            #expect(reply.revision == 2)
            #expect(try await site.get("/enc/m10").status == 200)
        }
    }

    @Test("are refused when a key replaces the whole of what a reference leads into")
    func replaced() async throws {
        let tree = """
            entries:
            - path: /
              kind: folder
              definition:
                hardware: {memory: 2GiB}
                vars: {size: "${{ hardware.memory }}"}
                merge: {hardware: replace}
            - {path: /so, kind: folder}
            - {path: /so/web, definition: {}}
            """
        try await Site.with(tree: tree) { site in
            let breaking: Value = ["hardware": ["cpus": 2]]
            #expect(try await site.patch("/v1/tree/so", breaking).status == 422)
            #expect(try await site.patch("/v1/tree/so/web", breaking).status == 422)
            let whole: Value = ["hardware": ["cpus": 2, "memory": "1GiB"]]
            #expect(try await site.patch("/v1/tree/so", whole).status == 200)
            let served = try await site.get("/hiera/web.so")
            #expect(served["size"] == "1GiB")
        }
    }

    @Test("are made with force; the broken machine answers 409 and is named, others are served, and it can be repaired")
    func forced() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let breaking: Value = ["vars": ["gone": "${{ vars.nothing }}"]]
            #expect(try await site.patch("/v1/tree/so/ana/db", breaking).status == 422)
            #expect(try await site.patch("/v1/tree/so/ana/db?force=true", breaking).status == 200)
            for target in DocumentCache.targets(of: "db.ana.so.lab.example") {
                let reply = try await site.get(target)
                #expect(reply.status == 409, "\(target)")
                #expect(reply.detail.hasPrefix("the definition of /so/ana/db is broken: "))
                #expect(reply["path"] == "/so/ana/db" && reply["key"] == "vars.gone")
            }
            #expect(try await site.get("/enc/\(Trees.web)").status == 200)
            let problems = try await site.get("/v1/problems")["problems"]?.list
            #expect(problems?.count == 1)
            #expect(problems?.first?.map?["certname"] == "db.ana.so.lab.example")
            let inventory = try await site.get("/ansible")
            #expect(
                inventory.header("Warning")
                    == "199 headwater \"1 machine has a broken definition and is left out: db.ana.so.lab.example; see /v1/problems\""
            )
            #expect(inventory["_meta"]?.map?["hostvars"]?.map?.keys.map(\.text).sorted() == [Trees.gpu, Trees.web])
            #expect(try await site.get("/ansible/vars").text.split(separator: "\n").count == 2)
            let create = try await site.post("/v1/tree/so/ana/db:create")
            #expect(create.status == 409)
            #expect(try await site.patch("/v1/tree/so/ana/db", ["note": "still broken"]).status == 200)
            #expect(try await site.patch("/v1/tree/so/ana/db", ["vars": ["gone": .null]]).status == 200)
            #expect(try await site.get("/enc/db.ana.so.lab.example").status == 200)
            #expect(try await site.get("/v1/problems")["problems"] == [])
            #expect(try await site.get("/ansible").header("Warning") == nil)
        }
    }

    @Test(
        "names that would clash in Ansible's inventory are refused, whatever is asked",
        arguments: [
            ("/so-a", "folder", [:], nil),
            ("/state-running", "folder", [:], "the group of the machines that are running"),
            ("/all", "folder", [:], "something of its own"), ("/ungrouped", "folder", [:], "something of its own"),
            ("/hypervisor-m", "folder", [:], "the group of the hypervisor m"),
            ("/x", "vm", ["certname": "so"], "the group of the folder /so"),
            ("/x", "vm", ["certname": "localhost"], "something of its own"),
            ("/x", "vm", ["ansible": ["groups": ["state_failed"]]], "the group of the machines that are failed"),
            ("/x", "vm", ["ansible": ["groups": ["so"]]], nil),
            ("/x", "vm", ["certname": "gpu.ai.lab.example"], "certname"),
        ] as [(String, String, Map, String?)])
    func clashes(_ path: String, _ kind: String, _ definition: Map, _ other: String?) async throws {
        try await Site.with(tree: Trees.lab) { site in
            let reply = try await site.put(
                "/v1/tree\(path)?force=true", ["kind": .string(kind), "definition": .map(definition)])
            guard let other else {
                #expect(reply.status == 201, "\(reply.text)")
                return
            }
            #expect(reply.status == 409)
            #expect(reply.detail.contains(other), "\(reply.detail)")
        }
    }

    @Test("two folders whose groups have one name are refused")
    func folders() async throws {
        try await Site.with(tree: "entries: [{path: /a, kind: folder}, {path: /a/b, kind: folder}]") { site in
            let reply = try await site.put("/v1/tree/a--b", ["kind": "folder"])
            #expect(reply.status == 409)
            #expect(
                reply.detail
                    == "/a--b: Ansible would know the group of the folder /a--b and the group of the folder /a/b by one name, \"a__b\"; expected a name for each"
            )
        }
    }

    @Test("a group's name is taken as long as one machine lists it, and free when the last has gone")
    func lastOfGroup() async throws {
        let tree = """
            entries:
            - {path: /a, definition: {ansible: {groups: [web]}}}
            - {path: /b, definition: {ansible: {groups: [web]}}}
            - {path: /c, definition: {ansible: {groups: [web, db]}}}
            """
        try await Site.with(tree: tree) { site in
            func status() async throws -> Int { try await site.put("/v1/tree/web", ["kind": "vm"]).status }
            for path in ["a", "c", "b"] {
                #expect(try await status() == 409)
                #expect(try await site.delete("/v1/tree/\(path)").status == 204)
            }
            #expect(try await status() == 201)
            let listing = try await site.put(
                "/v1/tree/d", ["kind": "vm", "definition": ["ansible": ["groups": ["web"]]]])
            #expect(listing.status == 409)
        }
    }

    @Test("a name is found and taken alike, whether it is made of the path, with or without a domain, or said")
    func namings() async throws {
        let tree = """
            entries:
            - {path: /so, kind: folder, definition: {domain: lab.example}}
            - {path: /so/web, definition: {}}
            - {path: /so/db, definition: {certname: db.so}}
            - {path: /so/own, definition: {certname: elsewhere}}
            - {path: /plain, definition: {}}
            """
        try await Site.with(tree: tree) { site in
            let names = ["web.so.lab.example", "db.so", "elsewhere", "plain"]
            for name in names {
                let found = try await site.get("/enc/\(name)")
                #expect(found.status == 200, "\(name)")
                let other = ["kind": "vm", "definition": ["certname": .string(name)]] as Value
                #expect(try await site.put("/v1/tree/other", other).status == 409, "\(name)")
            }
            for name in ["web.so", "db.so.lab.example", "own.so.lab.example", "web.so.lab", "lab.example"] {
                #expect(try await site.get("/enc/\(name)").status == 404, "\(name)")
            }
            #expect(try await site.patch("/v1/tree/so", ["domain": .null]).status == 200)
            #expect(try await site.get("/enc/web.so").status == 200)
            #expect(try await site.get("/enc/web.so.lab.example").status == 404)
        }
    }

    @Test("a change elsewhere leaves a machine's bytes and tags as they were while the revision grows")
    func elsewhere() async throws {
        try await Site.with(tree: Trees.lab) { site in
            for target in DocumentCache.targets(of: Trees.gpu) {
                let before = try await site.get(target)
                #expect(try await site.patch("/v1/tree/so/common", ["vars": ["n": .string(target)]]).status == 200)
                let after = try await site.get(target)
                #expect(after.body == before.body && after.header("ETag") == before.header("ETag"), "\(target)")
                #expect((after.revision ?? 0) == (before.revision ?? 0) + 1)
            }
        }
    }

    @Test("while other folders are written no document is rendered anew, and those below are when asked for")
    func rendered() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let targets = DocumentCache.targets(of: Trees.web)
            func ask() async throws { for target in targets { #expect(try await site.get(target).status == 200) } }
            func rendered() async throws -> Int {
                let name = "headwater_documents_rendered_total "
                let line = try await site.get("/metrics").text.split(separator: "\n").first { $0.hasPrefix(name) }
                return try #require(line.flatMap { Int($0.dropFirst(name.count)) })
            }
            try await ask()
            let before = try await rendered()
            for turn in 0..<20 {
                #expect(try await site.patch("/v1/tree/ai", ["vars": ["turn": .integer(turn)]]).status == 200)
                #expect(try await site.patch("/v1/tree/ai/gpu", ["vars": ["turn": .integer(turn)]]).status == 200)
                let path = "/v1/tree/ai/new-\(turn)"
                #expect(try await site.put(path, ["kind": "vm", "definition": [:]]).status == 201)
                if turn % 2 == 0 { #expect(try await site.delete(path).status == 204) }
                try await ask()
            }
            #expect(try await rendered() == before)
            #expect(try await site.patch("/v1/tree/so", ["vars": ["turn": 1]]).status == 200)
            #expect(try await rendered() == before)
            try await ask()
            #expect(try await rendered() == before + targets.count)
        }
    }

    @Test("a key with NUL is refused where the definition is free")
    func nul() async throws {
        try await Site.with { site in
            let yaml = "entries: [{path: /x, definition: {vars: {\"a\\0b\": 1}}}]"
            let reply = try await site.post("/v1/apply", yaml: yaml)
            #expect(reply.status == 422, "\(reply.text)")
            let merge = "entries: [{path: /x, definition: {merge: {\"vars.a\\0b\": deep}}}]"
            #expect(try await site.post("/v1/apply", yaml: merge).status == 422)
        }
    }
}
