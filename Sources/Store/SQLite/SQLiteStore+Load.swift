import GRDB
import Tree

extension SQLiteStore {
    public func load() throws(StoreError) -> StoredState {
        let contents = try read(Self.contents)
        // The pages that were read are asked for no more.
        pool.releaseMemory()
        return contents
    }

    static func contents(_ database: Database) throws -> StoredState {
        let current = "entry JOIN change ON change.number = entry.change ORDER BY entry.path"
        return StoredState(
            revision: try Int.fetchOne(database, sql: "SELECT max(number) FROM revision") ?? 0,
            entries: try ChangeRow.fetch(database, current) { try $0.entry(&$1) },
            machines: try Self.machines(database),
            operations: try Self.unfinished(database),
            overtaken: try Self.overtaken(database),
            tokens: try Self.tokens(database),
            users: try Self.users(database),
            groups: try Self.groups(database))
    }
}
