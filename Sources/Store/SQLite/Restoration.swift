import GRDB
import Glibc

/// Puts a backup in the place of a store's file.
public struct Restoration: Sendable {
    /// What was in the backup.
    public let check: FileCheck
    /// Where the file is that was there before; nil if there was none.
    public let replaced: String?
    /// How many operations had not ended when the backup was made. They have failed: what they were meant for is not as it
    /// was then.
    public let ended: Int

    /// - Parameters:
    ///   - backup: a file that `Backup` made, or a copy of a store's file that no daemon was using.
    ///   - file: the store's file, which no daemon may be using.
    ///   - isReplacing: whether there may be such a file already, which is then kept under another name.
    ///   - time: now, in milliseconds since 1970-01-01T00:00:00Z.
    public init(of backup: String, to file: String, isReplacing: Bool, time: Int) throws(StoreError) {
        let state = StateFile(path: file)
        do {
            try state.makeDirectory()
            // Until the store itself takes it.
            let lock = try FileLock(file: file + ".lock")
            defer { lock.release() }
            let old = ([state] + state.companions).filter(\.exists)
            guard isReplacing || old.isEmpty else { throw StoreError.Reason.exists }
            let draft = file + ".restored"
            check = try Backup.make(of: backup, to: draft, isReplacing: true)
            replaced = old.isEmpty ? nil : Self.free("\(file).replaced")
            // With what is in its log, which goes by its name.
            for part in old { try part.rename(to: (replaced ?? file) + part.path.dropFirst(file.count)) }
            try StateFile(path: draft).rename(to: file)
        } catch {
            throw StoreError(error, in: file)
        }
        let store = try SQLiteStore(file: file)
        defer { try? store.close() }
        ended = try store.endOperations(
            "the database was restored from a backup of the time before this ended; what it was meant for may have changed "
                + "since: ask for it again", time: time)
        let subject = check.contents.map { "revision \($0.revision)" }
        try store.append([AuditEntry(time: time, principal: "headwaterd", action: "restore", subject: subject)])
    }

    /// The name, or with a number behind it the first that no file has.
    private static func free(_ name: String) -> String {
        var (candidate, number) = (name, 1)
        while StateFile(path: candidate).exists {
            number += 1
            candidate = "\(name)-\(number)"
        }
        return candidate
    }
}

extension SQLiteStore {
    /// Ends all operations that have not ended as failed.
    ///
    /// - Returns: how many.
    fileprivate func endOperations(_ reason: String, time: Int) throws(StoreError) -> Int {
        try write { database in
            try database.execute(
                sql: """
                    UPDATE operation SET state = 'failed', error = ?, ended = ? WHERE state IN ('queued', 'running')
                    """,
                arguments: [reason, time])
            return database.changesCount
        }
    }
}
