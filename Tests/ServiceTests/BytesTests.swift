import Formats
import OrderedCollections
import TestSupport
import Testing
import Tree

@testable import Service

@Suite("A change of nothing but bytes is a change")
struct BytesTests {
    /// Two values of a variable, or two maps of variables, that differ in their bytes and in nothing that Unicode or
    /// arithmetic tells apart.
    static let pairs: [(Map, Map)] = [
        (["x": "caf\u{E9}"], ["x": "cafe\u{301}"]), (["\u{E9}": 1], ["e\u{301}": 1]),
        (["x": .float(0)], ["x": .float(-0.0)]),
        (["x": 1], ["x": .float(1)]), (["a": 1, "b": 2], ["b": 2, "a": 1]), (["x": ["\u{E9}"]], ["x": ["e\u{301}"]]),
        (["x": ["m": ["a": 1, "b": 2]]], ["x": ["m": ["b": 2, "a": 1]]]), (["x": "K"], ["x": "\u{212A}"]),
        (["x": ["l": [["a": 1, "b": 2]]]], ["x": ["l": [["b": 2, "a": 1]]]]),
    ]

    @Test("it is planned, stored, told and served, at the machine and above it", arguments: pairs.indices)
    func stored(_ index: Int) async throws {
        let (one, other) = Self.pairs[index]
        // Variables are looked up by name: their order is stored and served, and nothing to the machine.
        let isFelt = one.keys == other.keys || Set(one.keys) != Set(other.keys)
        for (place, machine) in [("/so/ana/web", true), ("/so/common", false)] {
            try await Site.with(tree: Trees.lab) { site in
                func body(_ vars: Map) -> Value {
                    machine ? ["kind": "vm", "definition": ["vars": .map(vars)]] : ["vars": .map(vars)]
                }
                let first = try await site.put("/v1/tree\(place)", body(one))
                #expect(first.status == 200, "\(first.text)")
                let before = try await (site.get("/v1/tree\(place)"), site.get("/hiera/\(Trees.web)"))

                let plan = try await plan(site, place, other)
                #expect(plan.status == 200, "\(plan.text)")
                #expect(plan["changes"]?.list?.first?.map?["differences"]?.list?.isEmpty == false, "\(plan.text)")
                #expect(plan["affected"]?.list?.isEmpty == !isFelt, "\(plan.text)")
                #expect(try await self.plan(site, place, one)["changes"] == [])

                let second = try await site.put(
                    "/v1/tree\(place)", body(other), ("If-Match", before.0.header("ETag") ?? ""))
                #expect(second.status == 200, "\(second.text)")
                #expect(second.revision == first.revision.map { $0 + 1 })
                let after = try await (site.get("/v1/tree\(place)"), site.get("/hiera/\(Trees.web)"))
                #expect(before.0.header("ETag") != after.0.header("ETag"))
                #expect(before.1.header("ETag") != after.1.header("ETag"))
                #expect(before.1.body != after.1.body)
                let said = machine ? after.0["definition"]?.map?["vars"] : after.0["vars"]
                #expect(said == .map(other), "\(after.0.text)")
                let told = try await site.get("/v1/revisions/\(second.revision ?? 0)")
                #expect(told["changes"]?.list?.first?.map?["differences"]?.list?.isEmpty == false, "\(told.text)")
                let seen = try await site.get("/v1/revisions?path=/so/ana/web&machine")
                let newest = isFelt ? second.revision : first.revision
                #expect(seen["revisions"]?.list?.first?.map?["number"]?.integer == newest, "\(seen.text)")
            }
        }
    }

    private func plan(_ site: Site, _ place: String, _ vars: Map) async throws -> Reply {
        try await site.post("/v1/plan", ["put": .string(place), "definition": ["vars": .map(vars)]])
    }

    @Test("an exported directory that is applied again brings it, and keeps that of others", arguments: pairs.indices)
    func merged(_ index: Int) async throws {
        let (one, other) = Self.pairs[index]
        try await Site.with(tree: Trees.lab) { site in
            let first = try await site.put("/v1/tree/so/common", ["vars": .map(one)])
            let base = try #require(first.revision)
            func apply(_ vars: Map) async throws -> Reply {
                try await site.post(
                    "/v1/apply",
                    [
                        "root": "/so", "base": .integer(base),
                        "entries": [["path": "/so", "kind": "folder", "definition": ["vars": .map(vars)]]],
                    ])
            }
            // The directory as it was taken changes nothing; as it was edited it does.
            #expect(try await apply(one).revision == base)
            let edited = try await apply(other)
            #expect(edited.status == 200 && edited.revision == base + 1, "\(edited.text)")
            #expect(try await site.get("/v1/tree/so/common")["vars"] == .map(other))
            // What is in the tree by now is theirs: the directory, as it was taken, leaves it.
            #expect(try await apply(one).revision == base + 1)
            #expect(try await site.get("/v1/tree/so/common")["vars"] == .map(other))
        }
    }

    @Test(
        "two forms of a key are two keys to Hiera, to selectors and to unset; unique drops neither form of an element")
    func forms() async throws {
        try await Site.with(tree: Trees.lab) { site in
            _ = try await site.put(
                "/v1/tree/so/common",
                [
                    "merge": ["vars.l": "unique"],
                    "vars": ["\u{E9}": "composed", "e\u{301}": "apart", "l": ["\u{E9}", .float(0)]],
                ])
            _ = try await site.put(
                "/v1/tree/so/ana/web",
                ["kind": "vm", "definition": ["vars": ["l": ["e\u{301}", .float(-0.0), "\u{E9}"]]]])
            #expect(try await site.get("/hiera/\(Trees.web)/%C3%A9").json == "composed")
            #expect(try await site.get("/hiera/\(Trees.web)/e%CC%81").json == "apart")
            #expect(try await site.get("/hiera/\(Trees.web)/%C3%A9").json == "composed")
            #expect(
                try await site.get("/hiera/\(Trees.web)/l").json == ["\u{E9}", .float(0), "e\u{301}", .float(-0.0)])
            for (selector, count) in [
                ("vars.%C3%A9%3Dcomposed", 2), ("vars.%C3%A9%3Dapart", 0), ("vars.e%CC%81%3Dapart", 2),
            ] {
                let reply = try await site.get("/v1/tree/?recursive&selector=\(selector)")
                #expect(reply["entries"]?.list?.count == count, "\(reply.text)")
            }
            _ = try await site.patch("/v1/tree/so/ana/web", ["unset": ["vars.e\u{301}"]])
            #expect(try await site.get("/hiera/\(Trees.web)/e%CC%81").status == 404)
            #expect(try await site.get("/hiera/\(Trees.web)/%C3%A9").json == "composed")
        }
    }
}
