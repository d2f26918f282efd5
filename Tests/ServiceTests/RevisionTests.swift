import OrderedCollections
import Testing
import Tree

@testable import Service

@Suite("The history of changes")
struct RevisionTests {
    @Test("lists revisions newest first with who, when and why, page by page")
    func list() async throws {
        try await Site.with(tree: Trees.lab) { site in
            _ = try await site.patch("/v1/tree/so/common?message=exam", ["vars": ["x": 1]])
            let reply = try await site.get("/v1/revisions?limit=2")
            let revisions = try #require(reply["revisions"]?.list).compactMap(\.map)
            #expect(revisions.map { $0["number"] } == [3, 2])
            #expect(revisions[0]["principal"] == "ana" && revisions[0]["message"] == "exam")
            #expect(revisions[0]["address"] == "127.0.0.1" && revisions[0]["entries"] == 1)
            #expect(revisions[0]["time"]?.string?.hasSuffix("Z") == true)
            #expect(reply["next"] == 2)
            let last = try await site.get("/v1/revisions?limit=2&before=2")
            #expect(last.numbers == [1] && last["next"] == nil)
        }
    }

    @Test("narrows to an entry, and to what is below one")
    func path() async throws {
        try await Site.with(tree: Trees.lab) { site in
            _ = try await site.patch("/v1/tree/so/ana/web", ["note": "n"])
            _ = try await site.patch("/v1/tree/common", ["vars": ["site": "s"]])
            _ = try await site.patch("/v1/tree/ai/gpu", ["note": "n"])
            _ = try await site.post("/v1/tree/ai/gpu:move", ["to": "/so/gpu"])
            #expect(try await site.get("/v1/revisions?path=/so").numbers == [6, 5, 3, 2])
            #expect(try await site.get("/v1/revisions?path=/so/ana/web").numbers == [3, 2])
            #expect(try await site.get("/v1/revisions?path=/ai").numbers == [6, 5, 2])
        }
    }

    @Test("shows what one changed, key by key: made, changed, moved and removed")
    func show() async throws {
        try await Site.with(tree: Trees.lab) { site in
            _ = try await site.patch("/v1/tree/so/common", ["vars": ["course": "OS", "new": [1]]])
            let changed = try await site.get("/v1/revisions/3")
            #expect(
                changed["changes"] == [
                    [
                        "path": "/so", "kind": "folder", "change": "changed",
                        "differences": [
                            ["key": "vars.course", "before": "SO", "after": "OS"], ["key": "vars.new", "after": [1]],
                        ],
                    ]
                ])
            _ = try await site.put("/v1/tree/so/new", ["kind": "vm", "definition": ["note": "n"]])
            #expect(
                try await site.get("/v1/revisions/4")["changes"] == [
                    [
                        "path": "/so/new", "kind": "vm", "change": "created",
                        "differences": [["key": "note", "after": "n"]],
                    ]
                ])
            _ = try await site.post("/v1/tree/so/new:move", ["to": "/ai/new"])
            #expect(
                try await site.get("/v1/revisions/5")["changes"] == [
                    ["path": "/ai/new", "kind": "vm", "change": "moved", "from": "/so/new", "differences": []]
                ])
            _ = try await site.delete("/v1/tree/ai/new")
            #expect(
                try await site.get("/v1/revisions/6")["changes"] == [
                    [
                        "path": "/ai/new", "kind": "vm", "change": "removed",
                        "differences": [["key": "note", "before": "n"]],
                    ]
                ])
            let some = try await site.get("/v1/revisions/2?path=/so&limit=1")
            #expect(some["changes"]?.list?.count == 1 && some["left"] == 3)
        }
    }

    @Test(
        "tells which revisions changed what a machine gets: those above it and moves too, those that are shadowed not")
    func machine() async throws {
        try await Site.with(tree: Trees.lab) { site in
            for (target, patch) in [
                ("/v1/tree/common", ["vars": ["site": "south"]]),  // 3: reaches it
                ("/v1/tree/ai/common", ["vars": ["course": "X"]]),  // 4: another branch
                ("/v1/tree/common", ["vars": ["role": "any"]]),  // 5: shadowed by its prototype
                ("/v1/tree/common", ["prototypes": ["web": ["vars": ["port": 81]]]]),  // 6: its prototype
                ("/v1/tree/common", ["merge": ["vars.ntp": "append"]]),  // 7: a strategy without effect here
                ("/v1/tree/so/common", ["vars": ["ntp": ["c"]]]),  // 8: joined by that strategy
                ("/v1/tree/common", ["merge": ["vars.ntp": "prepend"]]),  // 9: the strategy changes
                ("/v1/tree/so/ana/common", ["vars": ["site": "south"]]),  // 10: says what was so already
            ] as [(String, Value)] { #expect(try await site.patch(target, patch).status == 200) }
            #expect(try await site.post("/v1/tree/so/ana:move", ["to": "/ai/ana"]).status == 201)  // 11
            _ = try await site.patch("/v1/tree/so/common", ["vars": ["course": "Y"]])  // 12: where it stood once
            _ = try await site.patch("/v1/tree/ai/common", ["vars": ["course": "Z"]])  // 13
            let reply = try await site.get("/v1/revisions?path=/ai/ana/web&machine")
            #expect(reply.numbers == [13, 11, 9, 8, 6, 3, 2])
            let revisions = try #require(reply["revisions"]?.list).compactMap(\.map)
            #expect(revisions[0]["differences"] == [["key": "vars.course", "before": "X", "after": "Z"]])
            #expect(
                revisions[2]["differences"] == [
                    ["key": "vars.ntp", "before": ["a", "b", "c"], "after": ["c", "a", "b"]]
                ])
            let moved = try #require(revisions[1]["differences"]?.list).compactMap(\.map)
            #expect(moved.contains(["key": "vars.course", "before": "SO", "after": "X"]))
            #expect(
                moved.contains([
                    "key": "certname", "before": .string(Trees.web), "after": "web.ana.ai.lab.example",
                ]))
            let page = try await site.get("/v1/revisions?path=/ai/ana/web&machine&limit=2")
            #expect(page.numbers == [13, 11] && page["next"] == 11)
            #expect(try await site.get("/v1/revisions?path=/ai/ana/web&machine&before=11").numbers == [9, 8, 6, 3, 2])
        }
    }

    @Test("a reference that reaches the changed key through two others shows as an effect")
    func throughReferences() async throws {
        try await Site.with(tree: Trees.lab) { site in
            _ = try await site.patch("/v1/tree/so/common", ["vars": ["b": "${{ vars.c }}", "c": "${{ vars.site }}"]])
            _ = try await site.patch("/v1/tree/so/ana/web", ["vars": ["a": "${{ vars.b }}"]])
            _ = try await site.patch("/v1/tree/common", ["vars": ["site": "south"]])
            let reply = try await site.get("/v1/revisions?path=/so/ana/web&machine&limit=1")
            let keys = reply["revisions"]?.list?.first?.map?["differences"]?.list?.compactMap { $0.map?["key"]?.string }
            #expect(keys == ["vars.site", "vars.b", "vars.c", "vars.a"])
        }
    }

    @Test("a key moved between levels, and a prototype renamed, change nothing for the machine")
    func noEffect() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let moved = try await site.post(
                "/v1/apply",
                yaml: """
                    entries:
                      - {path: /so, kind: folder, definition: {}}
                      - {path: /so/ana, kind: folder, definition: {vars: {course: SO}}}
                    """)
            #expect(moved.status == 200 && moved["changed"] == 2)
            let root = try #require(try await site.get("/v1/tree/common").json.map)
            let prototypes = try #require(root["prototypes"]?.map?["web"])
            let renamed = try await site.post(
                "/v1/apply",
                [
                    "entries": [
                        [
                            "path": "/", "kind": "folder",
                            "definition": .map(root.merging(["prototypes": ["www": prototypes]]) { $1 }),
                        ],
                        [
                            "path": "/so/ana/web", "kind": "vm",
                            "definition": ["prototype": "www", "vars": ["url": "http://${{ self.certname }}"]],
                        ],
                    ]
                ])
            #expect(renamed.status == 200, "\(renamed.text)")
            #expect(try await site.get("/v1/revisions?path=/so/ana/web").numbers == [4, 2])
            #expect(try await site.get("/v1/revisions?path=/so/ana/web&machine").numbers == [2])
        }
    }

    @Test(
        "refuses what makes no sense, in words",
        arguments: [
            ("?path=/so&machine", 400, "machine: expected path to be that of a machine, found /so"),
            ("?machine", 400, "machine: expected path to be that of a machine, found none"),
            ("?limit=0", 400, "limit=0: expected a number from 1 to 1000"),
            ("/3", 404, "there is no revision 3; the newest is 2"),
            ("/x", 404, "there is no revision x; the newest is 2"),
        ])
    func refusals(_ target: String, _ status: Int, _ detail: String) async throws {
        try await Site.with(tree: Trees.lab) { site in
            let reply = try await site.get("/v1/revisions\(target)")
            #expect(reply.status == status)
            #expect(reply.detail == detail)
        }
    }
}

extension Reply {
    /// The numbers of the revisions listed.
    fileprivate var numbers: [Int] {
        (self["revisions"]?.list ?? []).compactMap { $0.map?["number"]?.integer }
    }
}
