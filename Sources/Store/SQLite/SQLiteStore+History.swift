import GRDB
public import Tree

extension SQLiteStore {
    public func entries(at revision: Int) throws(StoreError) -> [Entry] {
        try read { database in
            try Self.require(revision, in: database)
            return try ChangeRow.fetch(
                database,
                """
                change JOIN (SELECT id, max(revision) AS revision FROM change WHERE revision <= ? GROUP BY id) AS newest
                    ON change.id = newest.id AND change.revision = newest.revision
                WHERE definition IS NOT NULL ORDER BY path
                """,
                arguments: [revision]
            ) { try $0.entry(&$1) }
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
            try Self.require(revision - 1, of: revision, in: database)
            return try ChangeRow.fetch(database, "change WHERE revision = ? ORDER BY number", arguments: [revision]) {
                try $0.change(&$1)
            }
        }
    }
}
