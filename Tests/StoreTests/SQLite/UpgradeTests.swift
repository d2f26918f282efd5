import Foundation
import GRDB
import OrderedCollections
import Store
import Testing
import Tree

@Suite("An upgrade")
struct UpgradeTests {
    private let scratch = Scratch()
    private let next = Schema(steps: Schema.current.steps + ["CREATE TABLE host (name TEXT PRIMARY KEY) STRICT"])
    private var copy: String { "headwater.sqlite.before-\(next.version)" }

    @Test("keeps what was stored, and copies the file first")
    func copies() throws {
        let said = try filled()
        let store = try scratch.open(schema: next)
        #expect(try store.said() == said)
        #expect(try store.pool.read { try $0.tableExists("host") })
        let old = try SQLiteStore(file: scratch.file(copy))
        #expect(try old.said() == said)
        #expect(try old.pool.read { try !$0.tableExists("host") })
    }

    @Test("makes a copy that is for its owner alone")
    func mode() throws {
        _ = try filled()
        _ = try scratch.open(schema: next)
        #expect(try scratch.mode(copy) == 0o600)
        #expect(!scratch.exists(copy + ".partial"))
    }

    @Test("copies what is in the write-ahead log too")
    func writeAheadLog() throws {
        let said: [Said]
        let crashed = Scratch()
        do {
            let store = try scratch.open()
            _ = try store.commit(Draft([try .vm(.random(), "/web", ["note": "not yet in the main file"])]))
            said = try store.said()
            for suffix in ["", "-wal"] {
                try crashed.write(
                    Array(Data(contentsOf: URL(fileURLWithPath: scratch.file() + suffix))),
                    to: "headwater.sqlite" + suffix)
            }
        }
        _ = try crashed.open(schema: next)
        #expect(try SQLiteStore(file: crashed.file(copy)).said() == said)
    }

    @Test("is not done where there is nothing to do: no copy of a new or a current database")
    func nothing() throws {
        try scratch.open().close()
        try scratch.open().close()
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.directory)
        #expect(names.sorted() == ["headwater.sqlite", "headwater.sqlite.lock"])
    }

    @Test("is undone whole when a step fails, and can be repeated")
    func failure() throws {
        let said = try filled()
        let broken = Schema(steps: next.steps + ["CREATE TABLE token (id INTEGER)"])
        #expect(
            message { _ = try scratch.open(schema: broken) }
                == "\(scratch.file()): the upgrade from schema \(Schema.current.version) to \(broken.version) failed "
                + "and was undone: reading or writing failed: table token already exists (SQLite error 1)")
        let store = try scratch.open()
        #expect(try store.said() == said)
        #expect(try store.pool.read { try !$0.tableExists("host") })
        try store.close()
        #expect(try scratch.open(schema: next).said() == said)
    }

    @Test("is refused backwards: the older program does not open what it does not know")
    func backwards() throws {
        try scratch.open(schema: next).close()
        let error = #expect(throws: StoreError.self) { try scratch.open() }
        #expect(error?.reason == .newer(schema: next.version, known: Schema.current.version))
    }

    /// Leaves a closed store with something in it; returns what.
    private func filled() throws -> [Said] {
        let store = try scratch.open()
        _ = try store.commit(Draft([try .vm(.random(), "/web", ["note": "kept"])]))
        defer { try? store.close() }
        return try store.said()
    }
}
