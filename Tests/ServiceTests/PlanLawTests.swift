import Formats
import OrderedCollections
import TestSupport
import Testing
import Tree

@testable import Service

@Suite("The laws of plans")
struct PlanLawTests {
    @Test("what a plan foretells is then served, in every document; machines that it does not name stay as they are")
    func foretold() async throws {
        for round in 0..<3 {
            var seed = Seeded(round: round)
            try await Site.with { site in
                try await site.begin(with: seed.entries(machines: 24, folders: 10, isSound: false), "\(seed)")
                try await Self.carryOut(40, on: site, &seed)
            }
        }
    }

    @Test("the same holds in a tree of a thousand machines")
    func thousand() async throws {
        var seed = Seeded()
        try await Site.with { site in
            try await site.begin(with: seed.entries(machines: 1_000, isSound: false), "\(seed)")
            try await Self.carryOut(4, on: site, &seed)
        }
    }

    /// Plans changes and makes them, one after the other.
    private static func carryOut(_ count: Int, on site: Site, _ seed: inout Seeded) async throws {
        var before = try await Served.of(site)
        var made = 0
        for step in 0..<count * 20 where made < count {
            let listing = try await site.get("/v1/tree?recursive&fields=path,kind,definition&limit=100000")
            let entries = listing["entries"]?.list?.compactMap(\.map) ?? []
            guard entries.count > 6 else {
                // Not much is left of it: it begins anew.
                try await site.begin(with: seed.entries(machines: 24, folders: 10, isSound: false), "\(seed)")
                before = try await Served.of(site)
                continue
            }
            let revision = try #require(listing.revision)
            let change = seed.change(of: entries, revision: revision, step: step)
            let what = "\(seed) step \(step): \(change.plan.jsonText)"

            let planned = try await site.post("/v1/plan?limit=100000&names=100000", change.plan)
            guard planned.status == 200, let plan = planned.json.map else {
                let refused = try await site.make(change)
                #expect(
                    refused.status == planned.status && refused.detail == planned.detail, "\(what): \(refused.text)")
                continue
            }
            #expect(planned.revision == revision && plan["revision"] == .integer(revision))
            let id = try #require(plan["id"]?.string)
            if plan["valid"] == false {
                let refused = try await site.make(change, "plan=\(id)")
                #expect(refused.status == 422 && refused["machines"] == plan["counts"]?.map?["broken"], "\(what)")
            }
            let reply = try await site.make(change, "plan=\(id)&force=true")
            guard plan["changes"] != [] else {
                #expect(reply.status < 300 || reply.detail.contains("is undone already"), "\(what): \(reply.text)")
                #expect(reply.revision == revision)
                continue
            }
            try #require(reply.status < 300, "\(what): \(reply.text)")
            made += 1
            #expect(reply.revision == revision + 1, "\(what)")
            let after = try await Served.of(site)
            try compare(before, plan, after, what)
            before = after
        }
        #expect(made == count, "\(seed)")
    }

    private static func compare(_ before: Served, _ plan: Map, _ after: Served, _ what: String) throws {
        let named = plan.names(in: "affected").union(plan.names(in: "problems")).union(plan.names(in: "mended"))
        let mended = plan.names(in: "mended")
        let foretold = try before.foretold(by: plan)
        #expect(Set(foretold.machines.keys) == Set(after.machines.keys), "\(what)")
        for (path, served) in after.machines where !mended.contains(path) {
            let expected = foretold.machines[path]
            let isNamed = named.contains(path)
            #expect(
                served.bytes(withRevision: isNamed) == expected?.bytes(withRevision: isNamed), "\(what): \(path)")
        }
        for path in mended {
            #expect(
                before.machines[path]?.documents == nil && after.machines[path]?.documents != nil, "\(what): \(path)")
        }
    }
}

extension Seeded {
    /// The generator of one of several rounds.
    init(round: Int) {
        self.init()
        for _ in 0..<round { self = Seeded(seed: next()) }
    }
}

extension Site {
    fileprivate func begin(with entries: [Map], _ what: String) async throws {
        let applied = try await post("/v1/apply?force=true", ["entries": .list(entries.map { .map($0) })])
        try #require(applied.status == 200, "\(what): \(applied.text)")
    }

    /// Makes a change, with further queries.
    func make(_ change: PlannedChange, _ query: String = "") async throws -> Reply {
        let target = change.target + (query.isEmpty ? "" : (change.target.contains("?") ? "&" : "?") + query)
        return try await send(
            change.method, target, [("Content-Type", "application/json")],
            body: change.body.map { JSON.encode($0) } ?? [])
    }
}
