import Foundation
import Store

/// The directory of the database and the first token: whoever reads it is superuser, so it is nobody's but the daemon's.
enum StateDirectory {
    /// Makes the directory if it is missing, and refuses one that others may look into. Files that stand open in it are
    /// closed to others.
    static func prepare(_ path: String) throws(SettingsError) {
        // What the daemon makes from here on, the database as well, is readable by itself only.
        umask(0o077)
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw SettingsError("state: \(path) cannot be made: \(error.localizedDescription)")
        }
        try check(path)
        for name in ["admin.token", "headwater.sqlite", "headwater.sqlite-wal", "headwater.sqlite-shm"] {
            let file = path + "/" + name
            if let mode = Status(file)?.mode, mode & 0o077 != 0 { chmod(file, mode & 0o7700) }
        }
    }

    /// Refuses to begin a new tree where files show that there was one: its database was removed, or lies on a disk that is
    /// not there.
    static func refuseLoss(of database: String, _ settings: Settings) throws(SettingsError) {
        guard !FileManager.default.fileExists(atPath: database) else { return }
        let traces = traces(settings)
        guard !traces.isEmpty else { return }
        throw SettingsError(
            "\(database): is missing, and \(traces.joined(separator: " and ")) show that a service ran here: put the file "
                + "back, restore a backup with headwaterd restore, or remove the others too to start anew")
    }

    /// Refuses a database that nothing was ever written to where files show that a service ran: what it had was in its log,
    /// which was removed or not moved with it.
    ///
    /// A first start that was cut off has left no keys of sessions yet, and begins again.
    static func refuseLoss(ofAllIn store: any StateStore, _ database: String, _ settings: Settings) throws {
        guard FileManager.default.fileExists(atPath: settings.keyFile),
            try store.revisions(before: nil, limit: 1).isEmpty, try store.tokens().isEmpty, try store.users().isEmpty
        else { return }
        throw lostLog(of: database, settings)
    }

    /// The same of a database that was read.
    static func refuseLoss(of contents: StoredState, _ database: String, _ settings: Settings) throws(SettingsError) {
        guard FileManager.default.fileExists(atPath: settings.keyFile), contents.revision == 0, contents.tokens.isEmpty,
            contents.users.isEmpty
        else { return }
        throw lostLog(of: database, settings)
    }

    private static func lostLog(of database: String, _ settings: Settings) -> SettingsError {
        let traces = traces(settings)
        return SettingsError(
            "\(database): holds nothing, and \(traces.joined(separator: " and ")) show that a service ran here: what it had was "
                + "in \(database)-wal, which is no longer there; put the files back together, restore a backup with headwaterd "
                + "restore --replace, or remove all of them to start anew")
    }

    private static func traces(_ settings: Settings) -> [String] {
        [settings.tokenFile, settings.keyFile].filter { FileManager.default.fileExists(atPath: $0) }
    }

    /// Says what is wrong with a directory that is there.
    static func check(_ path: String) throws(SettingsError) {
        guard let status = Status(path) else { return }
        guard status.isDirectory else { throw SettingsError("state: \(path) is no directory") }
        guard status.owner == geteuid() else {
            throw SettingsError(
                "state: \(path) belongs to the user \(status.owner), and headwaterd runs as \(geteuid()); "
                    + "expected a directory of its own")
        }
        guard status.mode & 0o077 == 0 else {
            throw SettingsError(
                "state: \(path) is open to other users (mode 0\(String(status.mode, radix: 8))), and holds what "
                    + "would make them superuser; expected mode 0700: chmod 700 \(path)")
        }
    }

    /// What inode(7) says of a file, or of what a link leads to.
    private struct Status {
        let isDirectory: Bool
        let owner: UInt32
        let mode: UInt32

        /// Nil if there is none.
        init?(_ path: String) {
            let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            guard let attributes = try? FileManager.default.attributesOfItem(atPath: file),
                let owner = attributes[.ownerAccountID] as? NSNumber,
                let mode = attributes[.posixPermissions] as? NSNumber
            else { return nil }
            isDirectory = attributes[.type] as? FileAttributeType == .typeDirectory
            self.owner = owner.uint32Value
            self.mode = mode.uint32Value
        }
    }
}
