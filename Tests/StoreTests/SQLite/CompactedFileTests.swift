import Foundation
import GRDB
import Glibc
import OrderedCollections
import Store
import Testing
import Tree

@Suite("A database whose history is compacted")
struct CompactedFileTests {
    private let scratch = Scratch()

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
        let store = try scratch.open()
        try store.fill()
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
}

extension SQLiteStore {
    fileprivate var changeCount: Int? {
        get throws { try pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM change") } }
    }
}
