import GRDB

extension StoreError {
    /// What went wrong within `store`, whatever threw it.
    init(_ error: any Error, in store: String) {
        switch error {
        case let error as StoreError: self = error
        case let reason as Reason: self.init(store: store, reason)
        case let error as DatabaseError: self.init(store: store, Reason(error))
        default: self.init(store: store, .failed("\(error)"))
        }
    }
}

extension StoreError.Reason {
    /// What a result code of SQLite means here (sqlite.org/rescode.html).
    init(_ error: DatabaseError) {
        let message = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_FULL: self = .full
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
        case .SQLITE_CORRUPT: self = .damaged(message)
        case .SQLITE_NOTADB: self = .foreign("it is not a SQLite file")
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY: self = .cannotOpen(message)
        case .SQLITE_CONSTRAINT: self = .refused(message)
        case .SQLITE_MISUSE: self = .closed
        default: self = .failed("\(message) (SQLite error \(error.extendedResultCode.rawValue))")
        }
    }
}
