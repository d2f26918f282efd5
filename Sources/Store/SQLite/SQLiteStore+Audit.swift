import Foundation
import GRDB
import Tree

extension SQLiteStore {
    public func append(_ entries: [AuditEntry]) throws(StoreError) {
        try write { database in
            for entry in entries { try Self.append(entry, in: database) }
        }
    }

    public func audit(_ query: AuditQuery) throws(StoreError) -> [AuditEntry] {
        var (terms, arguments): ([String], StatementArguments) = ([], [])
        func add(_ term: String, _ values: (any DatabaseValueConvertible)?...) {
            terms.append(term)
            arguments += StatementArguments(values)
        }
        if let path = query.path, path != .root {
            // A slash is the character before `0`.
            add("(path = ? OR path >= ? AND path < ?)", "\(path)", "\(path)/", "\(path)0")
        } else if query.path != nil {
            add("path IS NOT NULL")
        }
        if let principal = query.principal { add("principal = ?", principal) }
        if let result = query.result { add("result = ?", result.rawValue) }
        if let since = query.since { add("time >= ?", since) }
        if let until = query.until { add("time < ?", until) }
        if let after = query.after {
            add("number > ?", after)
        } else {
            add("number < ?", query.before ?? .max)
        }
        let (filter, order) = (terms.joined(separator: " AND "), query.after == nil ? "DESC" : "ASC")
        arguments += [max(query.limit, 0)]
        let values = arguments
        return try read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM audit WHERE \(filter) ORDER BY number \(order) LIMIT ?",
                arguments: values
            ).map(AuditEntry.init)
        }
    }

    public func shortenAudit(
        before time: Int, keeping count: Int, limit: Int, as entry: AuditEntry
    ) throws(StoreError) -> Int {
        try write { database in
            let newest = try Int.fetchOne(database, sql: "SELECT max(number) FROM audit") ?? 0
            let oldest = try Int.fetchOne(database, sql: "SELECT min(number) FROM audit") ?? 0
            // Rows are about as old as their numbers say; a clock that was set back keeps some for longer.
            let young = try Int.fetchOne(
                database, sql: "SELECT number FROM audit WHERE time >= ? ORDER BY number LIMIT 1", arguments: [time])
            let end = min(
                max((young ?? newest + 1) - 1, newest - max(count, 1)), oldest - 1 + max(limit, 0), newest - 1)
            guard end >= oldest, end > 0 else { return 0 }
            let last = try AuditEntry(
                row: Row.fetchOne(database, sql: "SELECT * FROM audit WHERE number = ?", arguments: [end])
                    ?? { throw StoreError.Reason.refused("there is no row \(end) in the audit log") }())
            try database.execute(sql: "DELETE FROM audit WHERE number <= ?", arguments: [end])
            var entry = entry
            entry.subject = AuditCut(number: end, hash: last.hash).description
            try Self.append(entry, in: database)
            return end - oldest + 1
        }
    }

    /// Puts a row about something at the end, within a transaction.
    static func append(_ entry: AuditEntry?, about subject: String, in database: Database) throws {
        guard var entry else { return }
        entry.subject = subject
        try append(entry, in: database)
    }

    /// Puts a row at the end, within a transaction.
    static func append(_ entry: AuditEntry, in database: Database) throws {
        try checkTexts(entry.principal, entry.address, entry.action, entry.subject, entry.grounds)
        let last = try Row.fetchOne(database, sql: "SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")
        var entry = entry
        entry.number = (last?["number"] as Int? ?? 0) + 1
        entry.hash = entry.hash(following: (last?["hash"] as Data?).map { [UInt8]($0) } ?? AuditEntry.beginning)
        try database.cachedStatement(
            sql: """
                INSERT INTO audit (number, time, principal, key, address, action, path, subject, result, status,
                    revision, operation, grounds, times, hash)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(
            arguments: [
                entry.number, entry.time, entry.principal, entry.key, entry.address, entry.action,
                entry.path?.description, entry.subject, entry.result.rawValue, entry.status, entry.revision,
                entry.operation, entry.grounds, entry.times, Data(entry.hash),
            ])
    }
}

extension AuditEntry {
    /// Reads a row of `audit`.
    init(row: Row) throws {
        let columns = Columns(table: "audit", row: row)
        self.init(
            time: try columns.read("time"), principal: try columns.read("principal"), key: try columns.read("key"),
            address: try columns.read("address"), action: try columns.read("action"),
            path: try columns.read("path", as: String?.self).map { _ in try columns.path("path") },
            subject: try columns.read("subject"), result: try columns.choice("result"),
            status: try columns.read("status"), times: try columns.read("times"))
        number = try columns.read("number")
        revision = try columns.read("revision")
        operation = try columns.read("operation")
        grounds = try columns.read("grounds")
        hash = [UInt8](try columns.read("hash", as: Data.self))
    }
}
