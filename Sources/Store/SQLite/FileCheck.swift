import GRDB

/// A store's file, read whole: what is in it, and what is wrong with it. A daemon may be using it.
public struct FileCheck: Sendable {
    public let schema: Int
    /// Nil where the schema is an older one, or what is in the file cannot be read.
    public private(set) var contents: StoredState?
    /// Nil where `contents` is.
    public private(set) var audit: AuditCheck?
    /// Empty if nothing is wrong.
    public private(set) var problems: [String] = []

    /// - Throws: what keeps the file from being looked into: it is not there, not one of ours, or of a newer version.
    public init(file: String) throws(StoreError) {
        guard StateFile(path: file).exists else { throw StoreError(store: file, .cannotOpen("there is no such file")) }
        do {
            schema = try FileInspection.version(of: file, knowing: .current)
            var configuration = Configuration.store
            configuration.readonly = true
            let queue = try DatabaseQueue(path: file, configuration: configuration)
            defer { try? queue.close() }
            try queue.read { try read($0) }
        } catch {
            throw StoreError(error, in: file)
        }
        guard contents != nil else { return }
        let audit = try AuditCheck(file: file)
        problems += audit.problems.map { "the audit log: \($0)" }
        self.audit = audit
    }

    private mutating func read(_ database: Database) throws {
        let pages = try String.fetchAll(database, sql: "PRAGMA integrity_check(\(Self.longest))")
        if pages != ["ok"] { problems += pages }
        if try Row.fetchOne(database, sql: "PRAGMA foreign_key_check") != nil {
            problems.append("a row refers to one that is not there")
        }
        guard schema == Schema.current.version else { return }
        do {
            contents = try SQLiteStore.contents(database)
        } catch let reason as StoreError.Reason {
            if case .damaged(let cause) = reason { problems.append(cause) } else { problems.append("\(reason)") }
        }
    }

    private static let longest = 20
}
