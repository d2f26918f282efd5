import Foundation

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
            if let mode = status(file)?.st_mode, mode & 0o077 != 0 { chmod(file, mode & 0o7700) }
        }
    }

    /// Says what is wrong with a directory that is there.
    static func check(_ path: String) throws(SettingsError) {
        guard let status = status(path) else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw SettingsError("state: \(path) is no directory") }
        guard status.st_uid == geteuid() else {
            throw SettingsError(
                "state: \(path) belongs to the user \(status.st_uid), and headwaterd runs as \(geteuid()); "
                    + "expected a directory of its own")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw SettingsError(
                "state: \(path) is open to other users (mode 0\(String(status.st_mode & 0o7777, radix: 8))), and holds what "
                    + "would make them superuser; expected mode 0700: chmod 700 \(path)")
        }
    }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return stat(path, &status) == 0 ? status : nil
    }
}
