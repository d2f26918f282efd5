import Formats
import GRDB

extension SQLiteStore {
    public func commit(_ drafts: [Draft]) throws(StoreError) -> [Revision] {
        let changes = drafts.map { draft in Parallel.map(draft.changes) { ChangeRow($0) } }
        do {
            let revisions = try pool.write { database in
                try zip(drafts, changes).map { draft, rows in try enter(draft, rows, in: database) }
            }
            noteWritten()
            return revisions
        } catch {
            throw noted(StoreError(error, in: file))
        }
    }

    private func enter(_ draft: Draft, _ rows: [ChangeRow], in database: Database) throws -> Revision {
        try checkTexts(draft.principal, draft.address, draft.message)
        let newest = try database.cachedStatement(sql: "SELECT coalesce(max(number), 0) FROM revision")
        let revision = Revision(
            number: (try Int.fetchOne(newest) ?? 0) + 1, time: draft.time, principal: draft.principal,
            address: draft.address, message: draft.message, changes: rows.count)
        let insert = try database.cachedStatement(
            sql: """
                INSERT INTO revision (number, time, principal, address, message, changes) VALUES (?, ?, ?, ?, ?, ?)
                """)
        try insert.execute(
            arguments: [
                revision.number, revision.time, revision.principal, revision.address, revision.message,
                revision.changes,
            ])
        try record(rows, as: revision.number, in: database)
        try enter(revision.number, in: database)
        if var audit = draft.audit {
            audit.revision = revision.number
            try Self.append(audit, in: database)
        }
        return revision
    }

    /// Writes the changes down.
    private func record(_ rows: [ChangeRow], as revision: Int, in database: Database) throws {
        let record = try database.cachedStatement(
            sql: "INSERT INTO change (revision, id, path, kind, definition) VALUES (?, ?, ?, ?, ?)")
        let stands = try database.cachedStatement(sql: "SELECT 1 FROM entry WHERE id = ? AND path = ?")
        for row in rows {
            guard try row.definition != nil || Int.fetchOne(stands, arguments: [row.id, row.path]) != nil else {
                throw StoreError.Reason.refused("\(row.path) cannot be removed: entry \(row.id) does not stand there")
            }
            try unique("entry \(row.id) is changed twice in one draft, the second time at \(row.path)") {
                try record.execute(arguments: [revision, row.id, row.path, row.kind, row.definition])
            }
        }
    }

    /// Makes the current tree what the changes make of it. All that changes leaves it first, so that paths can be
    /// exchanged; what comes does so sorted, which is how SQLite is quickest.
    private func enter(_ revision: Int, in database: Database) throws {
        try database.cachedStatement(
            sql: "DELETE FROM entry WHERE id IN (SELECT id FROM change WHERE revision = ?)"
        ).execute(arguments: [revision])
        let enter = try database.cachedStatement(
            sql: """
                INSERT INTO entry (path, id, change) SELECT path, id, number FROM change
                WHERE revision = ? AND definition IS NOT NULL ORDER BY path
                """)
        try unique("two entries would stand at \(try self.shared(revision, in: database) ?? "one place")") {
            try enter.execute(arguments: [revision])
        }
    }

    /// A path at which two entries would stand after a revision.
    private func shared(_ revision: Int, in database: Database) throws -> String? {
        try String.fetchOne(
            database,
            sql: """
                SELECT path FROM change WHERE revision = :revision AND definition IS NOT NULL
                    AND (path IN (SELECT path FROM entry) OR path IN (
                        SELECT path FROM change WHERE revision = :revision AND definition IS NOT NULL
                        GROUP BY path HAVING count(*) > 1))
                ORDER BY number DESC LIMIT 1
                """,
            arguments: ["revision": revision])
    }

    /// Runs `body`; a key that is there already is refused with `message`.
    private func unique(_ message: @autoclosure () throws -> String, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as DatabaseError
            where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE
            || error.extendedResultCode == .SQLITE_CONSTRAINT_PRIMARYKEY
        {
            throw StoreError.Reason.refused(try message())
        }
    }
}
