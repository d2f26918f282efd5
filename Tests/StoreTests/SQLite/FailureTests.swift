import Formats
import Foundation
import GRDB
import OrderedCollections
import Store
import Testing
import Tree

@Suite("A failure")
struct FailureTests {
    private let scratch = Scratch()

    @Test("to find room undoes the commit, is reported, and leaves the store usable")
    func full() throws {
        let store = try scratch.open()
        _ = try store.commit(Draft([try .vm(.random(), "/kept")]))
        let before = try store.said()
        try store.tamper("PRAGMA max_page_count = 60")
        let large = try (0..<200).map { index in
            try Change.vm(.random(), "/web-\(index)", ["note": .string(String(repeating: "x", count: 4_000))])
        }
        let text =
            "\(store.file): no space is left, nothing was written; free space on its file system and repeat the request"
        for _ in 0..<3 { #expect(message { _ = try store.commit(Draft(large)) } == text) }
        #expect(try store.said() == before)
        #expect(try store.commit(Draft([try .vm(.random(), "/small")])).number == 2)
        try store.tamper("PRAGMA max_page_count = 1000000")
        #expect(try store.commit(Draft(large)).number == 3)
        #expect(try store.said().count == 202)
    }

    @Test("to get the lock is reported, and passes when the lock does")
    func busy() throws {
        let store = try scratch.open()
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: store.file, configuration: configuration)
        try other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        #expect(
            message { _ = try store.commit(Draft([])) }
                == "\(store.file): another program holds its lock; close programs that have the file open and repeat "
                + "the request")
        #expect(try store.load().revision == 0)
        try other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
        #expect(try store.commit(Draft([])).number == 1)
    }

    @Test("to read one of many rows tells of the first by its path, wherever the others stand")
    func first() throws {
        let store = try scratch.open()
        let paths = (0..<3_000).map { String(format: "/m-%04d", $0) }
        _ = try store.commit(Draft(paths.shuffled().map { try .vm(.random(), $0) }))
        #expect(try store.load().entries.map(\.path.description) == paths)
        for path in ["/m-2900", "/m-1200", "/m-1201"] {
            try store.tamper(
                "DROP TRIGGER IF EXISTS change_stays; UPDATE change SET definition = '\(path)' WHERE path = '\(path)'")
        }
        #expect(message { _ = try store.load() }?.contains("line 1, column 1: /m-1200 is no value") == true)
    }

    @Test(
        "to read a row back names the table, the row and the column",
        arguments: [
            (
                "UPDATE change SET definition = '[]'",
                "table change, row 1, column definition: expected a map, found a list"
            ),
            ("UPDATE change SET id = 'web'", "table change, row 1, column id: \"web\" is not a UUID"),
            (
                "UPDATE change SET path = 'web'",
                "table change, row 1, column path: \"web\" is not a path: expected one that begins with /, "
                    + "such as /courses/so/web"
            ),
            (
                "UPDATE change SET kind = 'cloud'",
                "table change, row 1, column kind: expected one of folder, vm, found \"cloud\""
            ),
            (
                "INSERT INTO machine VALUES ('web', '{}')",
                "table machine, row \"web\", column id: \"web\" is not a UUID"
            ),
            (
                "UPDATE operation SET steps = '[[1]]'",
                "table operation, row 1, column steps: expected a list of times and texts"
            ),
            (
                "UPDATE operation SET state = 'queued', path = '/A'",
                "table operation, row 1, column path: /A: \"A\" is not a name: expected 1 to 63 of a-z, 0-9 and "
                    + "inner hyphens; \"a\" would do"
            ),
        ])
    func damage(_ sql: String, _ cause: String) throws {
        let store = try scratch.open()
        _ = try store.commit(Draft([try .vm(.random(), "/web")]))
        _ = try store.insert(Operation(verb: "start", path: .root, principal: "ana", created: 0))
        try store.tamper("DROP TRIGGER change_stays; " + sql)
        #expect(
            message { _ = try store.load() }
                == "\(store.file): is damaged: \(cause); stop headwaterd and restore the file from a backup")
    }

    @Test("to read a definition back says where its JSON is wrong")
    func syntax() throws {
        let store = try scratch.open()
        _ = try store.commit(Draft([try .vm(.random(), "/web")]))
        try store.tamper("DROP TRIGGER change_stays; UPDATE change SET definition = '{\"a\": }'")
        let error = #expect(throws: FormatError.self) { try JSON.decode(Array("{\"a\": }".utf8)) }
        #expect(
            message { _ = try store.entries(at: 1) }
                == "\(store.file): is damaged: table change, row 1, column definition: \(try #require(error)); "
                + "stop headwaterd and restore the file from a backup")
    }

    @Test("to read a file whose pages were overwritten is reported as damage")
    func pages() throws {
        do {
            let store = try scratch.open()
            _ = try store.commit(Draft(try (0..<100).map { try .vm(.random(), "/web-\($0)") }))
            try store.close()
        }
        var bytes = try Array(Data(contentsOf: URL(fileURLWithPath: scratch.file())))
        for index in 4_096..<bytes.count { bytes[index] = 0xFF }
        try scratch.write(bytes)
        let error = #expect(throws: StoreError.self) {
            let store = try scratch.open()
            _ = try store.load()
        }
        #expect(error?.reason == .damaged("database disk image is malformed"))
    }

    @Test("to keep a text is reported, where SQLite would cut it at its U+0000")
    func nul() throws {
        let store = try scratch.open()
        let text = "\(store.file): refused: \"ana\u{FFFD}eva\" holds the character U+0000, which cannot be kept"
        let operation = Operation(verb: "start", path: .root, error: "ana\0eva", principal: "ana", created: 0)
        #expect(message { _ = try store.commit(Draft([], principal: "ana\0eva")) } == text)
        #expect(message { _ = try store.insert(operation) } == text)
        #expect(message { try store.save(operation) } == text)
        #expect(message { _ = try store.add(TokenRecord(hash: [], principal: "ana\0eva", created: 0)) } == text)
        #expect(try store.load().revision == 0)
    }

    @Test("says the store, what is wrong and what to do", arguments: StoreErrorTexts.all)
    func texts(_ reason: StoreError.Reason, _ text: String) {
        #expect(
            "\(StoreError(store: "/var/lib/headwater/headwater.sqlite", reason))"
                == "/var/lib/headwater/headwater.sqlite: \(text)")
    }
}

/// The texts that no test above can bring about at will.
enum StoreErrorTexts {
    static let all: [(StoreError.Reason, String)] = [
        (
            .inUse(process: nil),
            "is in use by another headwaterd; stop that one first, or give this one its own state directory"
        ),
        (.failed("disk I/O error (SQLite error 778)"), "reading or writing failed: disk I/O error (SQLite error 778)"),
        (
            .upgrade(from: 1, to: 2, "no"),
            "the upgrade from schema 1 to 2 failed and was undone: no"
        ),
    ]
}
