import Foundation
import GRDB
import Glibc
import OrderedCollections
import Store
import TestSupport
import Testing
import Tree

@Suite("A compacted history")
struct CompactionTests {
    private let scratch = Scratch()

    @Test("has every revision from the horizon on as it was, and keeps the numbers")
    func same() throws {
        var generator = Seeded()
        let store = try scratch.open()
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
        #expect(try store.changeCount == said.count, "\(generator)")
        try store.close()
        let reopened = try scratch.open()
        #expect(try reopened.horizon() == 60 && reopened.said() == said)
    }

    @Test("refuses what is no longer kept, and says the oldest that is")
    func refusals() throws {
        let store = try filled()
        try store.compactAll(to: 3)
        let file = scratch.file()
        for (body, revision, oldest) in [
            ({ _ = try store.entries(at: 2) }, 2, 3), ({ _ = try store.changes(of: 3) }, 3, 4),
            ({ _ = try store.entries(before: 3) }, 3, 4), ({ _ = try store.entry(at: .root, as: 0) }, 0, 3),
        ] as [(() throws -> Void, Int, Int)] {
            #expect(
                message(body)
                    == "\(file): revision \(revision) is no longer kept; the oldest that is kept is \(oldest)")
        }
        #expect(try store.revision(2)?.number == 2)
        #expect(message { _ = try store.compact(to: 9, limit: 1) }?.contains("to a revision that exists") == true)
        #expect(try store.compact(to: 1, limit: 9) == 0)
        #expect(try store.horizon() == 3)
    }

    @Test(
        "the database itself keeps what a kept revision is made of",
        arguments: [
            ("DELETE FROM change", "a change that a kept revision is made of is never removed"),
            ("DELETE FROM change WHERE revision = 2", "a change that a kept revision is made of is never removed"),
            (
                "DELETE FROM change WHERE revision = 3 AND definition IS NULL",
                "a change that a kept revision is made of is never removed"
            ),
            ("UPDATE horizon SET revision = 2", "the horizon moves on, to a revision that exists"),
            ("UPDATE horizon SET revision = 99", "the horizon moves on, to a revision that exists"),
            ("INSERT INTO horizon VALUES (9)", "there is one horizon"), ("DELETE FROM horizon", "there is one horizon"),
            ("DELETE FROM revision", "a revision is never removed"),
        ])
    func guarded(_ sql: String, _ refusal: String) throws {
        let store = try filled()
        _ = try store.compact(to: 3, limit: 0)
        let error = #expect(throws: DatabaseError.self) { try store.tamper(sql) }
        #expect(error?.message == refusal)
    }

    @Test("an upgrade from the schema before keeps all of the history")
    func upgrade() throws {
        let old = try scratch.open(schema: Schema(steps: Array(Schema.current.steps.prefix(2))))
        for number in 1...3 { _ = try old.commit(Draft([try .vm(.random(), "/m\(number)")])) }
        try old.close()
        let store = try scratch.open()
        #expect(try store.horizon() == 0)
        for number in 0...3 { #expect(try store.entries(at: number).count == number) }
        try store.compactAll(to: 2)
        #expect(try store.entries(at: 2).count == 2)
    }

    @Test("a daemon that is killed while it compacts has lost nothing, and goes on", .timeLimit(.minutes(2)))
    func killed() async throws {
        let ids = (0..<200).map { _ in EntryID.random() }
        let store = try scratch.open()
        for number in 1...40 {
            let changes = try ids.enumerated().map { index, id in
                try Change.vm(id, "/web-\(index + 100)", ["n": .integer(number)])
            }
            _ = try store.commit(Draft(changes))
        }
        try store.close()
        for _ in 0..<3 {
            let pause = UInt32.random(in: 2_000...40_000)
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [file = scratch.file() as String, pause = pause as UInt32] in
                let store = try SQLiteStore(file: file)
                Thread.detachNewThread {
                    usleep(pause)
                    kill(getpid(), SIGKILL)
                }
                while true { _ = try store.compact(to: 30, limit: 7) }
            }
            let store = try scratch.open()
            for number in [30, 31, 40] {
                let entries = try store.entries(at: number)
                #expect(entries.count == 200 && entries.allSatisfy { $0.definition == ["n": .integer(number)] })
            }
            try store.close()
        }
        let whole = try scratch.open()
        try whole.compactAll(to: 30)
        #expect(try whole.changeCount == 200 * 11)
    }

    @Test("the revision of a time is the newest that was made by then")
    func times() throws {
        let store = try scratch.open()
        for (number, time) in [100, 200, 200, 150].enumerated() {
            _ = try store.commit(Draft([try .vm(.random(), "/m\(number)")], time: time))
        }
        #expect(try [99, 100, 160, 200, .max].map(store.revision(by:)) == [nil, 1, 4, 4, 4])
    }

    /// `/a` made in 1, rewritten in 2, 4 and 5; `/b` made in 2 and removed in 3.
    private func filled() throws -> SQLiteStore {
        let store = try scratch.open()
        let (a, b) = (EntryID.random(), EntryID.random())
        for changes in [
            [try Change.vm(a, "/a")], [try .vm(a, "/a", ["note": "2"]), try .vm(b, "/b")], [try .gone(b, "/b")],
            [try .vm(a, "/a", ["note": "4"])], [try .vm(a, "/a", ["note": "5"])],
        ] { _ = try store.commit(Draft(changes)) }
        return store
    }
}

extension SQLiteStore {
    fileprivate var changeCount: Int? {
        get throws { try pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM change") } }
    }

    fileprivate func compactAll(to horizon: Int) throws {
        while try compact(to: horizon, limit: 3) > 0 {}
    }
}
