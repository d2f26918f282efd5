import GRDB

/// A copy of a database, made with SQLite's backup: it holds what is in the WAL too (sqlite.org/backup.html).
enum Backup {
    /// Copies the database in `file` to `copy`, which is whole or not there, and on disk when this returns.
    static func copy(_ file: String, to copy: String) throws {
        let partial = StateFile(path: copy + ".partial")
        partial.remove()
        do {
            try partial.make()
            let source = try DatabaseQueue(path: file, configuration: .store)
            let target = try DatabaseQueue(path: partial.path, configuration: .store)
            try source.backup(to: target)
            try target.close()
            try source.close()
            try partial.rename(to: copy)
        } catch {
            partial.remove()
            throw error
        }
    }
}
