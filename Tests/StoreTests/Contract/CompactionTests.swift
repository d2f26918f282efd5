import OrderedCollections
import Store
import TestSupport
import Testing
import Tree

@Suite("A compacted history")
struct CompactionTests {
    private let scratch = Scratch()

    @Test("has every revision from the horizon on as it was, and keeps the numbers", arguments: Engine.allCases)
    func same(on engine: Engine) throws {
        var generator = Seeded()
        let store = try scratch.store(on: engine)
        var trees: [[Said]] = [[]]
        for number in 1...60 {
            let changes = RandomHistory.changes(after: trees[number - 1], using: &generator)
            _ = try store.commit(Draft(changes, time: number))
            trees.append(RandomHistory.tree(trees[number - 1], after: changes, at: number))
        }
        let revisions = try store.revisions(before: nil, limit: 99)
        let (changes, before) = (try (0...60).map(store.changes), try (0...60).map(store.entries(before:)))
        let said = try store.said()
        for horizon in [0, 1, 17, 17, 30, 59, 60] {
            try store.compactAll(to: horizon)
            #expect(try store.horizon() == horizon)
            for number in horizon...60 {
                let found = try store.entries(at: number).map(Said.init)
                #expect(
                    found == trees[number].sorted { $0.path < $1.path }, "at \(number) from \(horizon): \(generator)")
                for entry in found.prefix(3) {
                    #expect(try store.entry(at: entry.path, as: number).map(Said.init) == entry, "\(generator)")
                }
            }
            for number in 0...60 where number > horizon {
                #expect(try store.changes(of: number) == changes[number], "\(generator)")
                let then = try store.entries(before: number).mapValues(Said.init)
                #expect(then == before[number].mapValues(Said.init), "\(generator)")
            }
            #expect(try store.revisions(before: nil, limit: 99) == revisions)
            #expect(try store.said() == said)
        }
        try store.close()
        let reopened = try scratch.store(on: engine)
        #expect(try reopened.horizon() == 60 && reopened.said() == said)
    }

    @Test("refuses what is no longer kept, and says the oldest that is", arguments: Engine.allCases)
    func refusals(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        try store.fill()
        try store.compactAll(to: 3)
        let name = store.name
        for (body, revision, oldest) in [
            ({ _ = try store.entries(at: 2) }, 2, 3), ({ _ = try store.changes(of: 3) }, 3, 4),
            ({ _ = try store.entries(before: 3) }, 3, 4), ({ _ = try store.entry(at: .root, as: 0) }, 0, 3),
        ] as [(() throws -> Void, Int, Int)] {
            #expect(
                message(body)
                    == "\(name): revision \(revision) is no longer kept; the oldest that is kept is \(oldest)")
        }
        #expect(try store.revision(2)?.number == 2)
        #expect(message { _ = try store.compact(to: 9, limit: 1) }?.contains("to a revision that exists") == true)
        #expect(try store.compact(to: 1, limit: 9) == 0)
        #expect(try store.horizon() == 3)
    }

    @Test("the revision of a time is the newest that was made by then", arguments: Engine.allCases)
    func times(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        for (number, time) in [100, 200, 200, 150].enumerated() {
            _ = try store.commit(Draft([try .vm(.random(), "/m\(number)")], time: time))
        }
        #expect(try [99, 100, 160, 200, .max].map(store.revision(by:)) == [nil, 1, 4, 4, 4])
    }
}

extension TreeStore {
    /// Compacts in small steps until nothing is left to delete.
    func compactAll(to horizon: Int) throws {
        while try compact(to: horizon, limit: 3) > 0 {}
    }

    /// Makes `/a` in 1, rewritten in 2, 4 and 5, and `/b` in 2, removed in 3.
    func fill() throws {
        let (a, b) = (EntryID.random(), EntryID.random())
        for changes in [
            [try Change.vm(a, "/a")], [try .vm(a, "/a", ["note": "2"]), try .vm(b, "/b")], [try .gone(b, "/b")],
            [try .vm(a, "/a", ["note": "4"])], [try .vm(a, "/a", ["note": "5"])],
        ] { _ = try commit(Draft(changes)) }
    }
}
