import Foundation
import GRDB
import OrderedCollections
import Store
import Testing
import Tree

@Suite("A backup")
struct BackupTests {
    private let scratch = Scratch()
    private var copy: String { scratch.file("copy.sqlite") }

    /// A store with an entry, a token, two operations of which one has not ended, and a row in its audit log.
    private func filled() throws -> SQLiteStore {
        let store = try scratch.open()
        _ = try store.commit(Draft([try .vm(.random(), "/web", ["note": "kept"])]))
        _ = try store.add(TokenRecord(hash: [1], principal: "ana", created: 0))
        var ended = try store.insert(Operation(verb: "start", path: .root, principal: "ana", created: 0))
        (ended.state, ended.ended) = (.done, 1)
        try store.save(ended)
        _ = try store.insert(Operation(verb: "destroy", path: .root, principal: "ana", created: 0))
        try store.append([AuditEntry(time: 0, principal: "ana", action: "login")])
        return store
    }

    @Test("is made beside a store that is written to, is one file, and is for its owner alone")
    func beside() throws {
        let store = try filled()
        let check = try Backup.make(of: store.file, to: copy)
        _ = try store.commit(Draft([try .vm(.random(), "/later")]))
        #expect(check.contents?.revision == 1 && check.contents?.tokens.count == 1 && check.audit?.count == 1)
        #expect(check.problems == [])
        #expect(try scratch.mode("copy.sqlite") == 0o600)
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.directory)
        #expect(names.filter { $0.hasPrefix("copy") } == ["copy.sqlite"])
        #expect(try SQLiteStore(file: copy).said().map(\.path.description) == ["/web"])
    }

    @Test("replaces no file unless that is asked for")
    func existing() throws {
        let store = try filled()
        try scratch.write([7], to: "copy.sqlite")
        #expect(
            message { _ = try Backup.make(of: store.file, to: copy) }
                == "\(copy): is there already; name another file, or say --replace")
        #expect(try Array(Data(contentsOf: URL(fileURLWithPath: copy))) == [7])
        #expect(try Backup.make(of: store.file, to: copy, isReplacing: true).contents?.revision == 1)
    }

    @Test("is never written over the database that it is of, or over what belongs to it, whatever it is called")
    func own() throws {
        let store = try filled()
        let file = store.file
        try FileManager.default.createSymbolicLink(atPath: scratch.file("link"), withDestinationPath: scratch.directory)
        try FileManager.default.createSymbolicLink(atPath: scratch.file("other.sqlite"), withDestinationPath: file)
        let spellings = [file, "\(scratch.directory)/./headwater.sqlite", scratch.file("link/headwater.sqlite")]
        let names =
            spellings + ["-wal", "-shm", "-journal", ".lock"].flatMap { end in spellings.map { $0 + end } }
            + [scratch.file("other.sqlite")]
        for source in [file, scratch.file("other.sqlite")] {
            for name in names {
                #expect(
                    message { _ = try Backup.make(of: source, to: name, isReplacing: true) }
                        == "\(name): belongs to the database \(source), which no backup replaces while it may be in use; "
                        + "name another file")
            }
        }
        _ = try store.commit(Draft([try .vm(.random(), "/later")]))
        try store.close()
        #expect(try scratch.open().said().map(\.path.description) == ["/later", "/web"])
        // Its draft has a name of its own.
        let odd = scratch.file("odd.partial")
        try FileManager.default.moveItem(atPath: file, toPath: odd)
        #expect(
            message { _ = try Backup.make(of: odd, to: scratch.file("odd")) }?.contains("belongs to the database")
                == true)
        #expect(scratch.exists("odd.partial"))
    }

    @Test("is never written over another database that has a log beside it")
    func another() throws {
        let other = Scratch()
        let (store, mine) = (try other.open(), try filled())
        _ = try store.commit(Draft([try .vm(.random(), "/other")]))
        for name in [store.file, store.file + "-wal", store.file + "-shm"] {
            #expect(
                message { _ = try Backup.make(of: mine.file, to: name, isReplacing: true) }?
                    .contains("belongs to the database \(store.file), which no backup replaces") == true)
        }
        #expect(try store.said().map(\.path.description) == ["/other"])
    }

    @Test(
        "of what is damaged is not made, and says where the damage is",
        arguments: [
            ("DROP TRIGGER change_stays; UPDATE change SET path = 'web'", "table change, row 1, column path: "),
            (
                "DROP TRIGGER audit_is_not_rewritten; UPDATE audit SET principal = 'eva'",
                "the audit log: row 1 is not as it was written"
            ),
            (
                "PRAGMA foreign_keys = OFF; DROP TRIGGER change_stays; DROP TRIGGER revision_remains; DELETE FROM revision",
                "a row refers to one that is not there"
            ),
        ])
    func damaged(_ sql: String, _ text: String) throws {
        let store = try filled()
        try store.tamper(sql)
        let error = try #require(message { _ = try Backup.make(of: store.file, to: copy) })
        #expect(error.hasPrefix("\(store.file): is damaged: ") && error.contains(text), "\(error)")
        #expect(!scratch.exists("copy.sqlite") && !scratch.exists("copy.sqlite.partial"))
    }

    @Test("is put in place of a file, which is kept; what had not ended has failed, and the audit log says so")
    func restored() throws {
        let store = try filled()
        _ = try Backup.make(of: store.file, to: copy)
        _ = try store.commit(Draft([try .vm(.random(), "/later")]))
        let inUse = try #require(
            message { _ = try Restoration(of: copy, to: store.file, isReplacing: true, time: 5) })
        #expect(inUse.contains("is in use by another headwaterd"))
        try store.close()
        #expect(
            message { _ = try Restoration(of: copy, to: store.file, isReplacing: false, time: 5) }
                == "\(store.file): is there already; name another file, or say --replace")
        for name in ["headwater.sqlite.replaced", "headwater.sqlite.replaced-2"] {
            let restoration = try Restoration(of: copy, to: store.file, isReplacing: true, time: 5)
            #expect(restoration.replaced == scratch.file(name) && restoration.ended == 1)
        }
        let again = try scratch.open()
        #expect(try again.said().map(\.path.description) == ["/web"])
        #expect(try again.load().operations == [])
        let operation = try #require(try again.operation(2))
        #expect(operation.state == .failed && operation.ended == 5)
        #expect(operation.error?.hasPrefix("the database was restored from a backup") == true)
        #expect(try again.operation(1)?.state == .done)
        let check = try AuditCheck(file: again.file)
        #expect(check.problems == [] && check.count == 2)
        let old = try SQLiteStore(file: scratch.file("headwater.sqlite.replaced"))
        #expect(try old.said().map(\.path.description) == ["/later", "/web"])
    }

    @Test("that is damaged is put nowhere, and leaves all as it was", arguments: [[], Array("no database".utf8)])
    func unusable(_ bytes: [UInt8]) throws {
        let store = try filled()
        let said = try store.said()
        try store.close()
        try scratch.write(bytes, to: "copy.sqlite")
        let error = try #require(
            message { _ = try Restoration(of: copy, to: store.file, isReplacing: true, time: 5) })
        #expect(error.hasPrefix("\(copy): is "), "\(error)")
        #expect(try scratch.open().said() == said)
        #expect(!scratch.exists("headwater.sqlite.replaced"))
    }

    @Test("of an older schema is upgraded when it is put in place")
    func older() throws {
        let old = Scratch()
        try old.open(schema: Schema(steps: Array(Schema.current.steps.prefix(6)))).close()
        try scratch.write([])
        try FileManager.default.removeItem(atPath: scratch.file())
        let restoration = try Restoration(of: old.file(), to: scratch.file(), isReplacing: false, time: 5)
        #expect(restoration.replaced == nil && restoration.check.schema == 6)
        #expect(try scratch.open().load().revision == 0)
    }
}
