import Foundation
import GRDB
import Store
import Testing
import Tree

@Suite("The audit log in its file")
struct AuditFileTests {
    private let scratch = Scratch()

    private func entry(_ number: Int, _ path: String? = nil, principal: String = "ana") throws -> AuditEntry {
        AuditEntry(
            time: number * 1_000, principal: principal, key: "token 1", address: "192.0.2.7", action: "write",
            path: try path.map { try Path($0) })
    }

    /// A log of so many rows, in a file that no store holds any more.
    private func log(_ count: Int) throws -> String {
        let store = try scratch.open()
        try store.append((1...count).map { try entry($0, "/a\($0)") })
        try store.close()
        return store.file
    }

    /// Does to the file what a database refuses, as somebody who owns it can.
    private func tamper(_ file: String, _ sql: String) throws {
        let queue = try DatabaseQueue(path: file)
        try queue.write { database in
            try database.execute(
                sql: """
                    DROP TRIGGER IF EXISTS audit_is_not_rewritten;
                    DROP TRIGGER IF EXISTS audit_is_shortened_from_its_beginning;
                    """)
            try database.execute(sql: sql)
        }
        try queue.close()
    }

    @Test("numbers its rows, and is whole as it was written")
    func whole() throws {
        let file = try log(5)
        let check = try AuditCheck(file: file)
        #expect(check.count == 5 && check.problems == [] && check.head?.number == 5)
        let store = try scratch.open()
        let rows = try store.audit(AuditQuery(limit: 10))
        #expect(rows.map(\.number) == [5, 4, 3, 2, 1])
        #expect(rows.first?.hash.hexadecimal == check.head?.hash)
        #expect(try AuditCheck(file: file, noted: check.head).problems == [])
        try store.close()
    }

    @Test("is read while a daemon holds the store")
    func beside() throws {
        let store = try scratch.open()
        try store.append([try entry(1)])
        #expect(try AuditCheck(file: store.file).count == 1)
        try store.append([try entry(2)])
        #expect(try AuditCheck(file: store.file).count == 2)
        try store.close()
    }

    @Test(
        "says which row was altered, put in or removed",
        arguments: [
            (
                "UPDATE audit SET principal = 'eva' WHERE number = 3",
                ["row 3 is not as it was written, or does not follow row 2 as that is now"]
            ),
            (
                "UPDATE audit SET time = time + 1 WHERE number = 1",
                ["row 1 is not as it was written, or does not follow row 0 as that is now"]
            ),
            (
                "UPDATE audit SET result = 'refused' WHERE number = 5",
                ["row 5 is not as it was written, or does not follow row 4 as that is now"]
            ),
            (
                "UPDATE audit SET address = NULL WHERE number = 2",
                ["row 2 is not as it was written, or does not follow row 1 as that is now"]
            ),
            (
                "UPDATE audit SET path = 'no path' WHERE number = 2",
                ["row 2 is not as it was written, or does not follow row 1 as that is now"]
            ),
            ("DELETE FROM audit WHERE number = 3", ["row 3 is missing"]),
            ("DELETE FROM audit WHERE number IN (2, 3)", ["rows 2 to 3 are missing"]),
            ("DELETE FROM audit WHERE number = 1", ["row 1 is missing"]),
            ("DELETE FROM audit WHERE number = 5", ["rows after 4 are missing: there was a row 5"]),
            ("DELETE FROM audit", ["rows after 0 are missing: there was a row 5"]),
            (
                "DELETE FROM audit WHERE number = 4; UPDATE audit SET number = 4 WHERE number = 5",
                [
                    "row 4 is not as it was written, or does not follow row 3 as that is now",
                    "rows after 4 are missing: there was a row 5",
                ]
            ),
        ])
    func altered(_ sql: String, _ problems: [String]) throws {
        let file = try log(5)
        try tamper(file, sql)
        #expect(try AuditCheck(file: file).problems == problems)
    }

    @Test("that was written anew up to its end, or cut off with all trace, is told by a row that was noted before")
    func noted() throws {
        let file = try log(5)
        let head = try #require(try AuditCheck(file: file).head)
        try tamper(file, "DELETE FROM audit; DELETE FROM sqlite_sequence WHERE name = 'audit'")
        let store = try scratch.open()
        try store.append((1...5).map { try entry($0, principal: "eva") })
        try store.close()
        #expect(try AuditCheck(file: file).problems == [])
        #expect(
            try AuditCheck(file: file, noted: head).problems == [
                "row 5 has another hash than the one noted: all up to it may have been written anew"
            ])
        try tamper(file, "DELETE FROM audit WHERE number = 5; UPDATE sqlite_sequence SET seq = 4 WHERE name = 'audit'")
        #expect(
            try AuditCheck(file: file, noted: head).problems == ["rows after 4 are missing: there was a row 5"])
    }

    @Test("is not rewritten by a program, nor cut in its middle")
    func triggers() throws {
        let store = try scratch.open()
        try store.append([try entry(1), try entry(2), try entry(3)])
        let rewriting = #expect(throws: DatabaseError.self) { try store.tamper("UPDATE audit SET principal = 'eva'") }
        #expect(rewriting?.message == "a row of the audit log is never rewritten")
        let cutting = #expect(throws: DatabaseError.self) { try store.tamper("DELETE FROM audit WHERE number = 2") }
        #expect(cutting?.message == "the audit log is shortened from its beginning only")
        try store.close()
    }

    @Test("is shortened by age and by number, says so itself, and stays whole; what is cut off otherwise is told")
    func shortening() throws {
        let store = try scratch.open()
        try store.append((1...10).map { try entry($0) })
        func shorten(before time: Int, keeping count: Int, limit: Int = 100) throws -> Int {
            try store.shortenAudit(
                before: time, keeping: count, limit: limit,
                as: AuditEntry(time: 50_000, principal: "headwaterd", action: AuditEntry.shortening))
        }
        #expect(try shorten(before: 0, keeping: 100) == 0)
        #expect(try shorten(before: 4_000, keeping: 100) == 3)
        #expect(try shorten(before: 0, keeping: 100) == 0)
        #expect(try AuditCheck(file: store.file).problems == [])
        #expect(try shorten(before: 0, keeping: 6, limit: 1) == 1)
        #expect(try shorten(before: 0, keeping: 5) == 3)
        let check = try AuditCheck(file: store.file)
        #expect(check.problems == [] && check.head?.number == 13)
        #expect(try store.audit(AuditQuery(limit: 100)).map(\.number) == [13, 12, 11, 10, 9, 8])
        try store.close()
        try tamper(store.file, "DELETE FROM audit WHERE number = 8")
        #expect(try AuditCheck(file: store.file).problems == ["row 8 is missing"])
    }
}
