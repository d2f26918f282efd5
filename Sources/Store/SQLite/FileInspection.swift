import GRDB

/// A look at a file before anything is written to it.
enum FileInspection {
    /// The schema of the database in `file`.
    static func version(of file: String, knowing schema: Schema) throws -> Int {
        var configuration = Configuration.store
        configuration.readonly = true
        let queue = try DatabaseQueue(path: file, configuration: configuration)
        defer { try? queue.close() }
        return try queue.read { database in
            let application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
            let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            let objects = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
            if application == 0, version == 0, objects == 0 { throw StoreError.Reason.empty }
            guard application == Schema.applicationID, version > 0 else {
                throw StoreError.Reason.foreign("another program's SQLite file (application id \(application))")
            }
            guard version <= schema.version else {
                throw StoreError.Reason.newer(schema: version, known: schema.version)
            }
            return version
        }
    }
}
