import Logging
import OrderedCollections
import Store
import Testing
import Tree

@testable import Service

@Suite("A past that is kept for a while")
struct RetentionTests {
    @Test("the last revisions answer as ever, older ones are gone, with the oldest that is kept")
    func revisions() async throws {
        try await Site.with(tree: Trees.lab) { site in
            for number in 3...8 { _ = try await site.patch("/v1/tree/so/common", ["vars": ["n": .integer(number)]]) }
            let targets = ["/v1/tree/so/common", "/enc/\(Trees.web)", "/ansible", "/v1/explain/so/ana/web"]
            var then: [String: String] = [:]
            for number in 5...8 {
                for target in targets {
                    then["\(target)?at=\(number)"] = try await site.get("\(target)?at=\(number)").text
                }
            }
            let shown = try await (6...8).asyncMap { try await site.get("/v1/revisions/\($0)").text }
            try await site.compact(Retention(revisions: 3))
            for (target, text) in then { #expect(try await site.get(target).text == text, "\(target)") }
            #expect(try await (6...8).asyncMap { try await site.get("/v1/revisions/\($0)").text } == shown)
            for target in targets {
                let reply = try await site.get("\(target)?at=4")
                #expect(reply.status == 410 && reply["oldest"] == 5, "\(target): \(reply.text)")
                #expect(
                    reply.detail
                        == "the tree as of revision 4 is no longer kept; the oldest that is kept is revision 5")
            }
            for (method, target) in [("GET", "/v1/revisions/5"), ("POST", "/v1/revisions/5:revert")] {
                let reply = try await site.send(method, target)
                #expect(reply.status == 410, "\(reply.text)")
                #expect(reply.detail == "revision 5 is no longer kept; the oldest that is kept is revision 6")
            }
            let old = try await site.post("/v1/apply", ["base": 4, "entries": []])
            #expect(old.status == 410)
            #expect(try await site.post("/v1/revisions/6:revert").status == 409)
        }
    }

    @Test(
        "the numbers and authors stay, what a machine got is told as far as it is kept, blame says what it does not know"
    )
    func rest() async throws {
        try await Site.with(tree: Trees.lab) { site in
            for number in 3...8 { _ = try await site.patch("/v1/tree/so/common", ["vars": ["n": .integer(number)]]) }
            try await site.compact(Retention(revisions: 3))
            let list = try await site.get("/v1/revisions")
            #expect(list["revisions"]?.list?.count == 8 && list["oldest"] == 6)
            let machine = try await site.get("/v1/revisions?path=/so/ana/web&machine")
            let numbers = machine["revisions"]?.list?.compactMap { $0.map?["number"]?.integer }
            #expect(numbers == [8, 7, 6] && machine["next"] == nil, "\(machine.text)")
            let blame = try await site.get("/v1/explain/so/ana/web?blame&key=vars")
            let since = Dictionary(
                uniqueKeysWithValues: (blame["values"]?.list ?? []).compactMap(\.map).map {
                    ($0["key"], $0["since"]?.map)
                })
            #expect(since["vars.n"]??["revision"] == 8 && since["vars.n"]??["earlier"] == nil)
            #expect(since["vars.course"]??["revision"] == 5 && since["vars.course"]??["earlier"] == true)
            #expect(since["vars.course"]??["principal"] == "ana")
        }
    }

    @Test(
        "what both bounds let go is compacted, and nothing without any",
        arguments: [
            (Retention(), nil), (Retention(revisions: 2), 3), (Retention(revisions: 9), 0), (Retention(days: 1), 4),
            (Retention(days: 2), 3), (Retention(days: 9), 0), (Retention(days: .max), 0),
            (Retention(days: 1, revisions: 3), 2), (Retention(days: 2, revisions: 1), 3),
        ] as [(Retention, Int?)])
    func bounds(_ retention: Retention, _ horizon: Int?) async throws {
        try await Site.with { site in
            // One revision a day, from the second on; the service made the first now.
            let day = 86_400_000
            let first = Clock.now
            for number in 1...4 {
                let change = Change.set(id: .random(), kind: .folder, path: try Path("/f\(number)"), definition: [:])
                _ = try site.store.commit(Draft(principal: "ana", time: first + number * day, changes: [change]))
            }
            let found = try retention.horizon(site.store, newest: 5, now: first + 4 * day + day / 2)
            #expect(found == horizon)
        }
    }
}

extension Site {
    fileprivate func compact(_ retention: Retention) async throws {
        let current = CurrentSnapshot(try Snapshot(try store.load()))
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        try await Compactor(store, current, retention, log).compact(now: Clock.now)
    }
}

extension Sequence {
    fileprivate func asyncMap<Result>(_ body: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await body(element)) }
        return results
    }
}
