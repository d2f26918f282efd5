import Formats
import GRDB
import Tree

extension SQLiteStore {
    public func commit(_ draft: Draft) throws(StoreError) -> Revision {
        try write { database in
            let number = try Int.fetchOne(database, sql: "SELECT coalesce(max(number), 0) + 1 FROM revision") ?? 1
            let revision = Revision(
                number: number, time: draft.time, principal: draft.principal, address: draft.address,
                message: draft.message, changes: draft.changes.count)
            try database.execute(
                sql:
                    "INSERT INTO revision (number, time, principal, address, message, changes) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [
                    number, revision.time, revision.principal, revision.address, revision.message, revision.changes,
                ])
            // All that changes leaves the current tree first, so that paths can be exchanged.
            let ids = try leave(draft.changes, in: database)
            try enter(draft.changes, ids: ids, at: number, in: database)
            return revision
        }
    }

    /// Takes what changes out of the current tree. Returns the ids' texts, in the changes' order.
    private func leave(_ changes: [Change], in database: Database) throws -> [String] {
        let drop = try database.cachedStatement(sql: "DELETE FROM entry WHERE id = ?")
        let remove = try database.cachedStatement(sql: "DELETE FROM entry WHERE id = ? AND path = ?")
        return try changes.map { change in
            let id = change.id.description
            switch change {
            case .set:
                try drop.execute(arguments: [id])
            case .remove(_, let path):
                try remove.execute(arguments: [id, path.description])
                guard database.changesCount == 1 else {
                    throw StoreError.Reason.refused("\(path) cannot be removed: entry \(id) does not stand there")
                }
            }
            return id
        }
    }

    /// Writes the changes down, and what they set into the current tree.
    private func enter(_ changes: [Change], ids: [String], at revision: Int, in database: Database) throws {
        let record = try database.cachedStatement(
            sql: "INSERT INTO change (revision, id, path, kind, definition) VALUES (?, ?, ?, ?, ?)")
        let enter = try database.cachedStatement(sql: "INSERT INTO entry (path, id, change) VALUES (?, ?, ?)")
        for (change, id) in zip(changes, ids) {
            let path = change.path.description
            switch change {
            case .set(_, let kind, _, let definition):
                let json = String(decoding: JSON.encode(.map(definition)), as: UTF8.self)
                try unique("entry \(id) is changed twice in one draft, the second time at \(path)") {
                    try record.execute(arguments: [revision, id, path, kind.rawValue, json])
                }
                try unique("two entries would stand at \(path)") {
                    try enter.execute(arguments: [path, id, database.lastInsertedRowID])
                }
            case .remove:
                try unique("entry \(id) is changed twice in one draft, the second time at \(path)") {
                    try record.execute(arguments: [revision, id, path, nil, nil])
                }
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
