import GRDB

/// A copy of a database, made with SQLite's backup: it holds what is in the WAL too (sqlite.org/backup.html).
public enum Backup {
    /// Copies the database in `file`, which a daemon may be using, to `copy`, and reads that whole before it gets its name.
    ///
    /// - Parameter isReplacing: whether a file of that name may be replaced.
    /// - Returns: what is in the copy.
    public static func make(of file: String, to copy: String, isReplacing: Bool = false) throws(StoreError) -> FileCheck
    {
        let (source, target) = (StateFile(path: file), StateFile(path: copy))
        guard source.exists else { throw StoreError(store: file, .cannotOpen("there is no such file")) }
        if let database = database(of: target, beside: source) { throw StoreError(store: copy, .ofDatabase(database)) }
        guard isReplacing || !target.exists else { throw StoreError(store: copy, .exists) }
        do {
            _ = try FileInspection.version(of: file, knowing: .current)
        } catch {
            throw StoreError(error, in: file)
        }
        let partial = StateFile(path: copy + ".partial")
        do {
            try write(file, to: partial)
            let check = try FileCheck(file: partial.path)
            if let problem = check.problems.first { throw StoreError(store: file, .damaged(problem)) }
            try partial.rename(to: copy)
            return check
        } catch {
            partial.remove()
            let error = StoreError(error, in: copy)
            // What is wrong with the copy is wrong with what was copied.
            throw error.store == partial.path ? StoreError(store: file, error.reason) : error
        }
    }

    /// The database that a file, or the draft of it, would be written over: the one that is copied, or another one that has a
    /// log beside it; nil: none. What a daemon writes to a file that was replaced is lost, and a log spoils the new one.
    private static func database(of target: StateFile, beside source: StateFile) -> String? {
        let drafts = [target, StateFile(path: target.path + ".partial")]
        let written = Set((drafts + drafts.flatMap(\.companions)).flatMap(\.identities))
        if !written.isDisjoint(with: source.parts.flatMap(\.identities)) { return source.path }
        if target.companions.contains(where: \.exists) { return target.path }
        return target.owner.flatMap { $0.exists ? $0.path : nil }
    }

    /// Copies the database in `file` to `copy`, which is whole or not there, and on disk when this returns.
    static func copy(_ file: String, to copy: String) throws {
        let partial = StateFile(path: copy + ".partial")
        do {
            try write(file, to: partial)
            try partial.rename(to: copy)
        } catch {
            partial.remove()
            throw error
        }
    }

    private static func write(_ file: String, to partial: StateFile) throws {
        for file in [partial] + partial.companions { file.remove() }
        try partial.make()
        let source = try DatabaseQueue(path: file, configuration: .store)
        let target = try DatabaseQueue(path: partial.path, configuration: .store)
        try source.backup(to: target)
        // One file holds it all: nothing is left in a log beside it.
        try target.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
        try target.close()
        try source.close()
    }
}
