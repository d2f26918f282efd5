import Glibc
import Synchronization

/// A lock that one process at a time has: flock(2) on a file of its own, gone with the process however it ends.
///
/// The database's own locks would not do: SQLite gives them up after each transaction.
final class FileLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// Takes the lock, or says which process has it.
    init(file: String) throws(StoreError.Reason) {
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .cannotOpen(systemError("\(file)")) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let error = errno
            let owner = Self.owner(descriptor)
            Glibc.close(descriptor)
            guard error == EWOULDBLOCK else { throw .cannotOpen(systemError("\(file)", error)) }
            throw .inUse(process: owner)
        }
        Self.sign(descriptor)
        self.descriptor = Mutex(descriptor)
    }

    deinit { release() }

    /// Lets the next one have it.
    func release() {
        descriptor.withLock {
            guard let descriptor = $0.take() else { return }
            // Closing would not do: a child that another thread forks holds the descriptor too until it executes.
            flock(descriptor, LOCK_UN)
            Glibc.close(descriptor)
        }
    }

    /// Leaves this process's id in the file, for the message that another one gives.
    private static func sign(_ descriptor: Int32) {
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(descriptor, 0) == 0 else { return }
        _ = write(descriptor, text, text.count)
    }

    private static func owner(_ descriptor: Int32) -> Int? {
        var bytes = [UInt8](repeating: 0, count: 20)
        let count = read(descriptor, &bytes, bytes.count)
        guard count > 0 else { return nil }
        return Int(String(decoding: bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}
