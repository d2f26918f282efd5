import Foundation
import GRDB
import Store
import Testing
import Tree

@Suite("Opening a store")
struct OpeningTests {
    private let scratch = Scratch()

    @Test("makes the directory and the files for their owner alone")
    func modes() throws {
        let store = try scratch.open()
        _ = try store.commit(Draft([]))
        #expect(try scratch.mode() == 0o700)
        for name in ["headwater.sqlite", "headwater.sqlite-wal", "headwater.sqlite-shm", "headwater.sqlite.lock"] {
            #expect(try scratch.mode(name) == 0o600, "\(name)")
        }
    }

    @Test("takes the file away from others, and leaves the directory as it was")
    func tightening() throws {
        try scratch.open().close()
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.directory)
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: scratch.file())
        _ = try scratch.open()
        #expect(try scratch.mode("headwater.sqlite") == 0o600)
        #expect(try scratch.mode() == 0o755)
    }

    @Test("writes ahead, waits for the disk, and checks references")
    func settings() throws {
        let store = try scratch.open()
        let settings = try ["journal_mode", "synchronous", "foreign_keys"].map { name in
            try store.pool.writeWithoutTransaction { try String.fetchOne($0, sql: "PRAGMA \(name)") }
        }
        #expect(settings == ["wal", "2", "1"])
    }

    @Test("is refused while another has the store, and allowed afterwards")
    func second() throws {
        let first = try scratch.open()
        #expect(
            message { _ = try scratch.open() }
                == "\(scratch.file()): is in use by another headwaterd (process \(getpid())); "
                + "stop that one first, or give this one its own state directory")
        try first.close()
        #expect(throws: Never.self) { try scratch.open() }
    }

    @Test("is refused for a file that is no database, which stays as it is")
    func notADatabase() throws {
        let text = Array(String(repeating: "This is a letter, not a database. ", count: 50).utf8)
        try scratch.write(text)
        #expect(
            message { _ = try scratch.open() }
                == "\(scratch.file()): is not a database of Headwater: it is not a SQLite file; "
                + "name another file, or move this one away")
        #expect(try Array(Data(contentsOf: URL(fileURLWithPath: scratch.file()))) == text)
    }

    @Test("is refused for a file that is empty, or was emptied, which stays as it is", arguments: [false, true])
    func empty(wasEmptied: Bool) throws {
        if wasEmptied {
            try scratch.write([])
            try alone { try $0.execute(sql: "CREATE TABLE song (title TEXT); DROP TABLE song") }
        } else {
            try scratch.open().close()
            try scratch.write([])
        }
        let before = try Data(contentsOf: URL(fileURLWithPath: scratch.file()))
        #expect(
            message { _ = try scratch.open() }
                == "\(scratch.file()): is empty, and no database that a headwaterd made ever is; restore a backup with "
                + "headwaterd restore, or remove the file to start anew")
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.file())) == before)
    }

    @Test("is refused where the write-ahead log is there without its file")
    func orphan() throws {
        try scratch.write([1], to: "headwater.sqlite-wal")
        #expect(
            message { _ = try scratch.open() }
                == "\(scratch.file()): is missing, and \(scratch.file())-wal is there: the file was removed or moved; put it "
                + "back, restore a backup with headwaterd restore, or remove the others too to start anew")
        #expect(!scratch.exists("headwater.sqlite"))
    }

    @Test("for the first time can break off at any moment and be repeated")
    func brokenOff() throws {
        try scratch.write([1, 2, 3], to: "headwater.sqlite.new")
        try scratch.write([4], to: "headwater.sqlite.new-journal")
        #expect(try scratch.open().load().revision == 0)
        #expect(!scratch.exists("headwater.sqlite.new") && !scratch.exists("headwater.sqlite.new-journal"))
    }

    @Test("is refused for another program's database, which stays as it is")
    func foreign() throws {
        try scratch.write([])
        try alone { try $0.execute(sql: "CREATE TABLE song (title TEXT); PRAGMA user_version = 1") }
        let before = try Data(contentsOf: URL(fileURLWithPath: scratch.file()))
        #expect(
            message { _ = try scratch.open() }
                == "\(scratch.file()): is not a database of Headwater: another program's SQLite file "
                + "(application id 0); name another file, or move this one away")
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.file())) == before)
    }

    @Test("is refused for a database that a newer program wrote, which stays as it is")
    func newer() throws {
        try scratch.open().close()
        try alone { try $0.execute(sql: "PRAGMA user_version = 99") }
        #expect(
            message { _ = try scratch.open() }
                == "\(scratch.file()): was written by a newer headwaterd: its schema is 99, this program knows up to "
                + "\(Schema.current.version); install that version again, or restore a copy made before the upgrade")
        #expect(try alone { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 99)
    }

    @Test("says what the system said when the directory cannot be made")
    func unreachable() {
        let file = scratch.file("missing/headwater.sqlite")
        #expect(
            message { _ = try SQLiteStore(file: file) }
                == "\(file): cannot be opened: \(scratch.directory)/missing: No such file or directory")
    }

    @Test("says what the system said when the file is a directory")
    func directory() throws {
        try scratch.open().close()
        #expect(
            message { _ = try SQLiteStore(file: scratch.directory) }
                == "\(scratch.directory): cannot be opened: \(scratch.directory): Is a directory")
        try FileManager.default.removeItem(atPath: scratch.directory + ".lock")
    }

    @Test("fails what is asked after it was closed, and closing again does nothing")
    func closing() throws {
        let store = try scratch.open()
        try store.close()
        try store.close()
        #expect(message { _ = try store.load() } == "\(store.file): is closed")
        #expect(message { _ = try store.commit(Draft([])) } == "\(store.file): is closed")
    }

    /// Opens the file beside the store's own code.
    private func alone<Result>(_ body: (Database) throws -> Result) throws -> Result {
        let queue = try DatabaseQueue(path: scratch.file())
        defer { try? queue.close() }
        return try queue.writeWithoutTransaction(body)
    }
}
