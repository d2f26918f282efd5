import GRDB

extension SQLiteStore {
    public func horizon() throws(StoreError) -> Int {
        try read(Self.horizon)
    }

    public func compact(to horizon: Int, limit: Int) throws(StoreError) -> Int {
        try write { database in
            try database.execute(
                sql: "UPDATE horizon SET revision = :to WHERE revision < :to", arguments: ["to": horizon])
            // What the trigger change_remains lets go: the versions that a later one replaced by then, and after those
            // the removals that nothing is left of to remove.
            try database.execute(
                sql: """
                    DELETE FROM change WHERE number IN (
                        SELECT number FROM change AS old
                        WHERE revision <= (SELECT revision FROM horizon) AND (
                            EXISTS (SELECT 1 FROM change AS later WHERE later.id = old.id
                                AND later.revision > old.revision AND later.revision <= (SELECT revision FROM horizon))
                            OR (definition IS NULL AND NOT EXISTS (SELECT 1 FROM change AS earlier
                                WHERE earlier.id = old.id AND earlier.revision < old.revision)))
                        LIMIT :limit)
                    """,
                arguments: ["limit": max(limit, 0)])
            return database.changesCount
        }
    }

    public func revision(by time: Int) throws(StoreError) -> Int? {
        try read { database in
            try Int.fetchOne(
                database, sql: "SELECT number FROM revision WHERE time <= ? ORDER BY number DESC LIMIT 1",
                arguments: [time])
        }
    }

    static func horizon(_ database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT revision FROM horizon") ?? 0
    }

    /// Refuses to tell a tree that is not whole any more. Asked within the same read, so that nothing goes in between.
    ///
    /// - Parameter asked: the revision that is spoken of, whose changes need the tree before it.
    static func require(_ revision: Int, of asked: Int? = nil, in database: Database) throws {
        let horizon = try horizon(database)
        guard horizon > 0, revision < horizon else { return }
        throw StoreError.Reason.compacted(asked ?? revision, oldest: asked == nil ? horizon : horizon + 1)
    }
}
