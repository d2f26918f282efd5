import GRDB

extension SQLiteStore {
    public func commit(_ drafts: [Draft]) throws(StoreError) -> [Revision] {
        let changes = drafts.map { draft in Parallel.map(draft.changes) { ChangeRow($0) } }
        return try write { database in
            try zip(drafts, changes).map { draft, rows in try enter(draft, rows, in: database) }
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
        // All that changes leaves the current tree first, so that paths can be exchanged.
        try leave(rows, in: database)
        try enter(rows, at: revision.number, in: database)
        if var audit = draft.audit {
            audit.revision = revision.number
            try Self.append(audit, in: database)
        }
        return revision
    }

    /// Takes what changes out of the current tree.
    private func leave(_ rows: [ChangeRow], in database: Database) throws {
        let drop = try database.cachedStatement(sql: "DELETE FROM entry WHERE id = ?")
        let remove = try database.cachedStatement(sql: "DELETE FROM entry WHERE id = ? AND path = ?")
        for row in rows {
            guard row.definition == nil else {
                try drop.execute(arguments: [row.id])
                continue
            }
            try remove.execute(arguments: [row.id, row.path])
            guard database.changesCount == 1 else {
                throw StoreError.Reason.refused("\(row.path) cannot be removed: entry \(row.id) does not stand there")
            }
        }
    }

    /// Writes the changes down, and what they set into the current tree.
    private func enter(_ rows: [ChangeRow], at revision: Int, in database: Database) throws {
        let record = try database.cachedStatement(
            sql: "INSERT INTO change (revision, id, path, kind, definition) VALUES (?, ?, ?, ?, ?)")
        let enter = try database.cachedStatement(sql: "INSERT INTO entry (path, id, change) VALUES (?, ?, ?)")
        for row in rows {
            try unique("entry \(row.id) is changed twice in one draft, the second time at \(row.path)") {
                try record.execute(arguments: [revision, row.id, row.path, row.kind, row.definition])
            }
            guard row.definition != nil else { continue }
            try unique("two entries would stand at \(row.path)") {
                try enter.execute(arguments: [row.path, row.id, database.lastInsertedRowID])
            }
        }
    }

    /// Runs `body`; a key that is there already is refused with `message`.
    private func unique(_ message: @autoclosure () -> String, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as DatabaseError
            where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE
            || error.extendedResultCode == .SQLITE_CONSTRAINT_PRIMARYKEY
        {
            throw StoreError.Reason.refused(message())
        }
    }
}
