import Foundation
import GRDB
import Store
import Testing
import Tree

@Suite("The schema")
struct SchemaTests {
    private let scratch = Scratch()

    @Test("is the one in fixtures/store/schema.sql")
    func golden() throws {
        let store = try scratch.open()
        let text = try store.pool.read { database in
            let statements = try String.fetchAll(
                database,
                sql: """
                    SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
                    ORDER BY tbl_name, type <> 'table', type, name
                    """)
            let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            return "PRAGMA user_version = \(version);\n\n" + statements.map { $0 + ";\n" }.joined(separator: "\n")
        }
        let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../fixtures/store/schema.sql").standardizedFileURL
        if ProcessInfo.processInfo.environment["HEADWATER_RECORD"] == "1" {
            try FileManager.default.createDirectory(
                at: golden.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: golden, atomically: true, encoding: .utf8)
            Issue.record("recorded \(golden.path)")
        }
        #expect(try String(contentsOf: golden, encoding: .utf8) == text)
    }

    @Test(
        "lets nobody rewrite the history",
        arguments: [
            ("UPDATE revision SET principal = 'eva'", "a revision is never rewritten"),
            ("DELETE FROM revision", "a revision is never removed"),
            ("UPDATE change SET path = '/x'", "a change is never rewritten"),
            ("DELETE FROM change", "a change that a kept revision is made of is never removed"),
            (
                "INSERT INTO revision (number, time, principal, changes) VALUES (9, 0, 'eva', 0)",
                "revisions are numbered without gaps"
            ),
        ])
    func history(_ sql: String, _ refusal: String) throws {
        let store = try scratch.open()
        _ = try store.commit(Draft([try .vm(.random(), "/a")]))
        let error = #expect(throws: DatabaseError.self) { try store.tamper(sql) }
        #expect(error?.message == refusal)
    }
}
