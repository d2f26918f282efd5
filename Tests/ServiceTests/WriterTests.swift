import Access
import HTTP
import OrderedCollections
import Store
import Testing
import Tree

@testable import Service

@Suite("Writes that wait together")
struct WriterTests {
    @Test("each make a revision, and one that the store refuses fails alone")
    func refusal() async throws {
        try await Site.with { site in
            let current = CurrentSnapshot(try Snapshot(try site.store.load()))
            let first = current.snapshot.revision
            let writer = Writer(site.store, current, Feed(revision: first, limit: 100))
            // By its number the revision that a write became; 0 if it was refused.
            let outcomes = await withTaskGroup { group in
                for number in 0..<40 {
                    group.addTask {
                        // SQLite would cut such a message short, so the store refuses it.
                        let message = number % 10 == 7 ? "a\0b" : "write \(number)"
                        let author = Author(
                            principal: Principal(name: "ana", .superuser), address: nil, message: message)
                        do throws(ServiceError) {
                            let written = try await writer.write(author) { _, edit throws(ServiceError) in
                                try edit.put(Call.path("/web-\(number)"), .vm, [:])
                            }
                            return (number, written.after.revision)
                        } catch {
                            return (number, 0)
                        }
                    }
                }
                return await group.reduce(into: [Int: Int]()) { $0[$1.0] = $1.1 }
            }
            let refused = outcomes.filter { $0.value == 0 }.keys.sorted()
            #expect(refused == [7, 17, 27, 37])
            #expect(outcomes.values.filter { $0 > 0 }.sorted() == Array(first + 1...first + 36))
            let stored = try site.store.load()
            #expect(stored.revision == first + 36 && current.snapshot.revision == first + 36)
            #expect(stored.entries.count { $0.kind == .vm } == 36)
            for (number, revision) in outcomes {
                #expect(try site.store.revision(revision)?.message == (revision == 0 ? nil : "write \(number)"))
            }
        }
    }

    @Test("are each judged upon what those before them became")
    func preconditions() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let before = try await site.get("/v1/tree/ai/gpu")
            let tag = try #require(before.header("ETag"))
            let statuses = try await withThrowingTaskGroup { group in
                for number in 0..<8 {
                    group.addTask {
                        let patch: Value = ["note": .string("\(number)")]
                        return try await site.patch("/v1/tree/ai/gpu", patch, ("If-Match", tag)).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200] + Array(repeating: 412, count: 7))
        }
    }

    @Test("count as slight when no name, group or soundness can hang on them", arguments: Sample.all)
    func slight(sample: Sample) async throws {
        try await Site.with(tree: Trees.lab) { site in
            let before = try Snapshot(try site.store.load())
            let path = try Path(sample.path)
            let entry = try #require(before.tree[path]?.entry)
            let trial = try Trial(before, Principal(name: "ana", .superuser), isForced: true) {
                _, edit throws(ServiceError) in
                try edit.put(path, entry.kind, entry.definition.patched(with: sample.patch))
            }
            #expect(before.isSlight(trial.edit, Inheritances()) == sample.isSlight)
        }
    }

    struct Sample: Sendable, CustomTestStringConvertible {
        let path: String
        let patch: Map
        let isSlight: Bool

        var testDescription: String { "\(path) \(patch)" }

        static let all = [
            Sample(path: "/", patch: ["vars": ["new": 1]], isSlight: true),
            Sample(path: "/", patch: ["vars": ["site": "east"], "note": "n"], isSlight: true),
            Sample(path: "/so", patch: ["hardware": ["cpus": 2]], isSlight: true),
            Sample(path: "/", patch: ["vars": ["new": "${{ vars.site }}"]], isSlight: false),
            Sample(path: "/", patch: ["domain": "other.example"], isSlight: false),
            Sample(path: "/", patch: ["prototypes": ["web": ["vars": ["port": 81]]]], isSlight: false),
            Sample(path: "/so", patch: ["ansible": ["groups": ["g"]]], isSlight: false),
            Sample(path: "/so", patch: ["unset": ["vars.site"]], isSlight: false),
            Sample(path: "/so/ana/web", patch: ["vars": ["new": 1]], isSlight: false),
        ]
    }
}
