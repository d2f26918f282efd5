package import GRDB
import Synchronization

/// A store in one SQLite file, for one daemon.
///
/// The file is in WAL mode with `synchronous=FULL`: a transaction that returned survives the loss of power, as far as
/// the disk keeps its word (sqlite.org/pragma.html#pragma_synchronous). One connection writes, a few read beside it.
public final class SQLiteStore: StateStore {
    /// The database's file.
    public let file: String
    package let pool: DatabasePool
    private let lock: FileLock
    /// Why the last write could not be made, if that says something of those to come.
    private let lastTrouble = Mutex<StoreError.Reason?>(nil)

    /// Opens the store, or makes it: the directory with mode 0700 where it is missing, the file with mode 0600. A file that
    /// is empty, or whose log is there without it, is refused: its content was lost, and a new tree is not that.
    ///
    /// An older schema is upgraded, after the file was copied to `FILE.before-N` (N: the schema it is upgraded to).
    /// `FILE.lock` tells a second daemon that the store is in use.
    public convenience init(file: String) throws(StoreError) {
        try self.init(file: file, schema: .current)
    }

    package init(file: String, schema: Schema) throws(StoreError) {
        self.file = file
        do {
            let state = StateFile(path: file)
            try state.makeDirectory()
            lock = try FileLock(file: file + ".lock")
            if !state.exists {
                if let other = state.companions.first(where: \.exists) {
                    throw StoreError.Reason.missing(beside: other.path)
                }
                try schema.make(file)
            }
            try state.make()
            let version = try FileInspection.version(of: file, knowing: schema)
            if version < schema.version {
                try Backup.copy(file, to: "\(file).before-\(schema.version)")
            }
            pool = try DatabasePool(path: file, configuration: .store)
            // Here and not in the configuration, for the pool sets NORMAL when it turns WAL mode on. The writer may
            // hold 64 MiB of pages: random ids touch their indexes everywhere.
            try pool.writeWithoutTransaction {
                // A page that many commits change leaves the log once for them all; it may grow to 16 MiB.
                try $0.execute(
                    sql: "PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4096")
            }
            if version < schema.version { try schema.upgrade(pool, from: version) }
        } catch {
            throw StoreError(error, in: file)
        }
    }

    public var name: String { file }

    public func close() throws(StoreError) {
        do {
            try pool.close()
        } catch {
            throw StoreError(error, in: file)
        }
        lock.release()
    }

    /// Runs `body` on one state of the database, beside writers.
    func read<Result>(_ body: (Database) throws -> Result) throws(StoreError) -> Result {
        do {
            return try pool.read(body)
        } catch {
            throw StoreError(error, in: file)
        }
    }

    /// Runs `body` as a transaction: on disk when it returns, undone when it throws.
    func write<Result>(_ body: (Database) throws -> Result) throws(StoreError) -> Result {
        do {
            let result = try pool.write(body)
            noteWritten()
            return result
        } catch {
            throw noted(StoreError(error, in: file))
        }
    }

    func noteWritten() { lastTrouble.withLock { $0 = nil } }

    func noted(_ error: StoreError) -> StoreError {
        if error.reason.isTransient { lastTrouble.withLock { $0 = error.reason } }
        return error
    }

    public var trouble: StoreError.Reason? {
        if let trouble = lastTrouble.withLock({ $0 }) { return trouble }
        return StateFile(path: file).room.map { $0 < SQLiteStore.leastRoom } == true ? .full : nil
    }

    /// With fewer bytes on its file system than these, a write may fail.
    private static let leastRoom = 256 << 10

    public func tryWriting() throws(StoreError) {
        try write { try $0.execute(sql: "UPDATE horizon SET revision = revision") }
    }
}

extension Configuration {
    /// How the store's connections are set up.
    static var store: Configuration {
        var configuration = Configuration()
        configuration.label = "store"
        configuration.foreignKeysEnabled = true
        // Somebody may look at the file with another program; it holds locks for moments only.
        configuration.busyMode = .timeout(2)
        configuration.maximumReaderCount = 4
        return configuration
    }
}
