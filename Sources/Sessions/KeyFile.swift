import Foundation
import Glibc

/// Where the keys lie: one file that only its owner may read, replaced as a whole.
public struct KeyFile: Sendable {
    public let path: String

    public init(path: String) {
        self.path = path
    }

    /// The keys; nil if there is no file. One that others may read is refused: they could sign sessions.
    public func read() throws(KeyFileError) -> KeyRing? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        var status = stat()
        guard stat(path, &status) == 0 else { throw KeyFileError(file: path, errno) }
        guard status.st_mode & 0o077 == 0 else {
            throw .open(file: path, mode: String(status.st_mode & 0o777, radix: 8))
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw KeyFileError(file: path, "it cannot be read")
        }
        guard let ring = try? JSONDecoder().decode(KeyRing.self, from: data), ring.isSound else {
            throw KeyFileError(file: path, "it holds no keys of Headwater")
        }
        return ring
    }

    /// Puts these keys in place of what was there, on disk when it returns.
    public func write(_ ring: KeyRing) throws(KeyFileError) {
        let draft = path + ".new"
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        guard let data = try? encoder.encode(ring) else { throw KeyFileError(file: path, "the keys cannot be written") }
        unlink(draft)
        let descriptor = Glibc.open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw KeyFileError(file: draft, errno) }
        defer { close(descriptor) }
        let bytes = [UInt8](data)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0,
            rename(draft, path) == 0
        else { throw KeyFileError(file: path, errno) }
    }

    /// The keys; new ones if there are none.
    ///
    /// - Parameter now: in seconds since 1970-01-01T00:00:00Z.
    public func open(now: Int) throws -> KeyRing {
        if let ring = try read() { return ring }
        let ring = try KeyRing(now: now)
        try write(ring)
        return ring
    }
}
