/// Why a store could not do what it was asked for.
public struct StoreError: Error, Hashable, Sendable {
    /// The store, as people know it: a database's file.
    public let store: String
    public let reason: Reason

    public init(store: String, _ reason: Reason) {
        self.store = store
        self.reason = reason
    }

    public enum Reason: Error, Hashable, Sendable {
        /// The file or its directory cannot be made or read.
        case cannotOpen(String)
        /// The file holds something else.
        case foreign(String)
        /// There is a file, and nothing in it.
        case empty
        /// The file is gone, and what belongs to it is there.
        case missing(beside: String)
        /// There is a file already, which nobody said is to be replaced.
        case exists
        /// The file belongs to a database: that one's file.
        case ofDatabase(String)
        /// Another process has the store.
        case inUse(process: Int?)
        /// The schema was made by a newer program.
        case newer(schema: Int, known: Int)
        /// An upgrade of the schema failed and was undone.
        case upgrade(from: Int, to: Int, String)
        /// A draft, operation or token contradicts what is stored.
        case refused(String)
        /// No room is left.
        case full
        /// Another program kept the store locked for too long.
        case busy
        /// What is stored cannot be read back: where, and what is wrong with it.
        case damaged(String)
        /// What a revision was made of is no longer kept: the oldest that is.
        case compacted(Int, oldest: Int)
        /// The store was closed.
        case closed
        /// The system failed to read or write.
        case failed(String)
    }
}

extension StoreError.Reason {
    /// Whether the same write may succeed later, when somebody has put something right.
    public var isTransient: Bool {
        switch self {
        case .full, .busy, .cannotOpen, .failed, .damaged: true
        case .foreign, .empty, .missing, .exists, .ofDatabase, .inUse, .newer, .upgrade, .refused, .compacted, .closed:
            false
        }
    }
}

extension StoreError {
    /// What is waited for, to who need not repeat anything.
    public var waiting: String {
        switch reason {
        case .full: "\(store): no space is left; free space on its file system"
        case .busy: "\(store): another program holds its lock; close programs that have the file open"
        default: "\(self)"
        }
    }
}

extension StoreError: CustomStringConvertible {
    /// Says the store, what is wrong, and what to do.
    public var description: String {
        "\(store): \(reason)"
    }
}

extension StoreError.Reason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .cannotOpen(let cause):
            return "cannot be opened: \(cause)"
        case .foreign(let what):
            return "is not a database of Headwater: \(what); name another file, or move this one away"
        case .empty:
            return
                "is empty, and no database that a headwaterd made ever is; restore a backup with headwaterd restore, or "
                + "remove the file to start anew"
        case .missing(let other):
            return
                "is missing, and \(other) is there: the file was removed or moved; put it back, restore a backup with "
                + "headwaterd restore, or remove the others too to start anew"
        case .exists:
            return "is there already; name another file, or say --replace"
        case .ofDatabase(let database):
            return
                "belongs to the database \(database), which no backup replaces while it may be in use; name another file"
        case .inUse(let process):
            let owner = process.map { " (process \($0))" } ?? ""
            return
                "is in use by another headwaterd\(owner); stop that one first, or give this one its own state directory"
        case .newer(let schema, let known):
            return "was written by a newer headwaterd: its schema is \(schema), this program knows up to \(known); "
                + "install that version again, or restore a copy made before the upgrade"
        case .upgrade(let old, let new, let cause):
            return "the upgrade from schema \(old) to \(new) failed and was undone: \(cause)"
        case .refused(let cause):
            return "refused: \(cause)"
        case .full:
            return "no space is left, nothing was written; free space on its file system and repeat the request"
        case .busy:
            return "another program holds its lock; close programs that have the file open and repeat the request"
        case .damaged(let cause):
            return "is damaged: \(cause); stop headwaterd and restore the file from a backup"
        case .compacted(let revision, let oldest):
            return "revision \(revision) is no longer kept; the oldest that is kept is \(oldest)"
        case .closed:
            return "is closed"
        case .failed(let cause):
            return "reading or writing failed: \(cause)"
        }
    }
}
