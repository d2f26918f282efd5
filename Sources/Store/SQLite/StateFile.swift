import Glibc

/// The database's file on disk: made before SQLite opens it, so that nobody else can read it for a moment.
struct StateFile {
    let path: String

    /// The directory that holds it.
    var directory: String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Makes the directory (0700) where it is missing. One that is there keeps its mode: it may hold other things.
    func makeDirectory() throws(StoreError.Reason) {
        guard mkdir(directory, 0o700) != 0, errno != EEXIST else { return }
        throw .cannotOpen(systemError(directory))
    }

    var exists: Bool { access(path, F_OK) == 0 }

    /// Makes the file (0600) where it is missing, and puts the mode right where it is there.
    func make() throws(StoreError.Reason) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .cannotOpen(systemError(path)) }
        defer { close(descriptor) }
        guard fchmod(descriptor, 0o600) == 0 else { throw .cannotOpen(systemError(path)) }
        try syncDirectory()
    }

    /// Gives the file another name in the same directory, on disk when it returns; what had that name is replaced.
    func rename(to name: String) throws(StoreError.Reason) {
        guard Glibc.rename(path, name) == 0 else { throw .failed(systemError("\(path) to \(name)")) }
        try syncDirectory()
    }

    /// How many bytes its file system has left for this process (statvfs(3)); nil where that is not known.
    var room: Int? {
        var status = statvfs()
        guard statvfs(directory, &status) == 0 else { return nil }
        let (bytes, isLarge) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return isLarge ? .max : Int(clamping: bytes)
    }

    func remove() {
        unlink(path)
    }

    /// The files that SQLite keeps beside it (sqlite.org/tempfiles.html).
    var companions: [StateFile] { ["-wal", "-shm", "-journal"].map { StateFile(path: path + $0) } }

    /// The database that a file of this name belongs to; nil: none.
    var owner: StateFile? {
        ["-wal", "-shm", "-journal", ".lock"].first { path.hasSuffix($0) }.map {
            StateFile(path: String(path.dropLast($0.count)))
        }
    }

    /// The database's file with all that belongs to it.
    var parts: [StateFile] {
        // SQLite keeps what is beside it where a link leads.
        Set([path, resolved]).flatMap { path in
            let file = StateFile(path: path)
            return [file] + file.companions + [StateFile(path: path + ".lock")]
        }
    }

    /// What tells whether two names are of one file: the name without links in its directories, and where a link leads.
    var identities: [String] {
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        return ["\(Self.real(directory) ?? directory)/\(name)", resolved]
    }

    private var resolved: String { Self.real(path) ?? path }

    /// The path without links (realpath(3)); nil where there is no such file.
    private static func real(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// Puts the names in the directory on disk: a new file's own sync does not (fsync(2)).
    private func syncDirectory() throws(StoreError.Reason) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .cannotOpen(systemError(directory)) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .failed(systemError(directory)) }
    }
}
