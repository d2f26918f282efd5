import GRDB
import Tree

extension SQLiteStore {
    public func load() throws(StoreError) -> Contents {
        try read { database in
            let entries = try Row.fetchCursor(
                database,
                sql: """
                    SELECT number, revision, change.id, change.path, kind, definition
                    FROM entry JOIN change ON change.number = entry.change ORDER BY entry.path
                    """)
            return Contents(
                revision: try Int.fetchOne(database, sql: "SELECT max(number) FROM revision") ?? 0,
                entries: try Array(entries.map(Entry.init(change:))),
                machines: try Self.machines(database),
                operations: try Self.unfinished(database),
                tokens: try Self.tokens(database))
        }
    }
}
