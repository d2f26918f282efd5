import GRDB
public import Tree

extension SQLiteStore {
    public func entries(at revision: Int) throws(StoreError) -> [Entry] {
        try read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT number, revision, id, path, kind, definition FROM change
                    JOIN (SELECT id, max(revision) AS revision FROM change WHERE revision <= ? GROUP BY id)
                        USING (id, revision)
                    WHERE definition IS NOT NULL ORDER BY path
                    """,
                arguments: [revision])
            return try Array(rows.map(Entry.init(change:)))
        }
    }

    public func revision(_ number: Int) throws(StoreError) -> Revision? {
        try read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM revision WHERE number = ?", arguments: [number])
                .map(Revision.init)
        }
    }

    public func revisions(before: Int?, limit: Int) throws(StoreError) -> [Revision] {
        try read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM revision WHERE number < ? ORDER BY number DESC LIMIT ?",
                arguments: [before ?? .max, max(limit, 0)]
            ).map(Revision.init)
        }
    }

    public func changes(of revision: Int) throws(StoreError) -> [Change] {
        try read { database in
            let rows = try Row.fetchCursor(
                database, sql: "SELECT * FROM change WHERE revision = ? ORDER BY number", arguments: [revision])
            return try Array(rows.map(Change.init))
        }
    }
}
