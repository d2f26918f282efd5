import Formats
import GRDB
import Tree

extension SQLiteStore {
    public func insert(
        _ operation: Operation, children: [Operation], audit: AuditEntry?
    ) throws(StoreError) -> [Operation] {
        try write { database in
            let parent = try Self.insert(operation, parent: operation.parent, in: database)
            if var audit {
                audit.operation = parent.id
                try Self.append(audit, in: database)
            }
            return try [parent] + children.map { try Self.insert($0, parent: parent.id, in: database) }
        }
    }

    private static func insert(_ operation: Operation, parent: Int?, in database: Database) throws -> Operation {
        try checkTexts(operation.verb, operation.principal, operation.error)
        try database.cachedStatement(
            sql: """
                INSERT INTO operation
                    (parent, verb, path, machine, principal, created, state, build, done, total, steps, error, started,
                    ended)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(
            arguments: [
                parent, operation.verb, operation.path.description, operation.machine?.description,
                operation.principal, operation.created, operation.state.rawValue, operation.build, operation.done,
                operation.total, operation.stepsText, operation.error, operation.started, operation.ended,
            ])
        var stored = operation
        stored.id = Int(database.lastInsertedRowID)
        stored.parent = parent
        return stored
    }

    public func save(_ operations: [Operation]) throws(StoreError) {
        try write { database in
            let update = try database.cachedStatement(
                sql: """
                    UPDATE operation SET state = ?, build = ?, done = ?, total = ?, steps = ?, error = ?, started = ?,
                        ended = ?
                    WHERE id = ?
                    """)
            for operation in operations {
                try checkTexts(operation.error)
                try update.execute(
                    arguments: [
                        operation.state.rawValue, operation.build, operation.done, operation.total, operation.stepsText,
                        operation.error, operation.started, operation.ended, operation.id,
                    ])
                guard database.changesCount == 1 else {
                    throw StoreError.Reason.refused("there is no operation \(operation.id)")
                }
            }
        }
    }

    public func operation(_ id: Int) throws(StoreError) -> Operation? {
        try read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM operation WHERE id = ?", arguments: [id])
                .map(Operation.init)
        }
    }

    public func operations(of parent: Int?, before: Int?, limit: Int) throws(StoreError) -> [Operation] {
        try read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM operation WHERE parent IS ? AND id < ? ORDER BY id DESC LIMIT ?",
                arguments: [parent, before ?? .max, max(limit, 0)]
            ).map(Operation.init)
        }
    }

    public func prune(endedBefore time: Int, keeping count: Int, limit: Int) throws(StoreError) -> Int {
        try write { database in
            let old = """
                SELECT id FROM operation WHERE parent IS NULL AND ended IS NOT NULL AND (
                    ended < :time OR id <= (
                        SELECT id FROM operation WHERE parent IS NULL ORDER BY id DESC LIMIT 1 OFFSET :count
                    )
                ) ORDER BY id LIMIT :limit
                """
            let ids = try Int.fetchAll(
                database, sql: old, arguments: ["time": time, "count": max(count, 0), "limit": max(limit, 0)])
            for id in ids {
                try database.execute(sql: "DELETE FROM operation WHERE parent = ?", arguments: [id])
                try database.execute(sql: "DELETE FROM operation WHERE id = ?", arguments: [id])
            }
            return ids.count
        }
    }

    /// The operations that have not ended although a later one was begun on the same machine, and the newest such one.
    static func overtaken(_ database: Database) throws -> [Int: Int] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT old.id, max(later.id) FROM operation AS old
                JOIN operation AS later ON later.machine = old.machine AND later.id > old.id
                WHERE old.state IN ('queued', 'running') AND later.started IS NOT NULL GROUP BY old.id
                """)
        return Dictionary(uniqueKeysWithValues: try rows.map { (try $0.decode(atIndex: 0), try $0.decode(atIndex: 1)) })
    }

    /// The operations that have not ended, oldest first.
    static func unfinished(_ database: Database) throws -> [Operation] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM operation WHERE state IN ('queued', 'running') ORDER BY id"
        ).map(Operation.init)
    }
}

extension Operation {
    /// The steps as they are kept.
    fileprivate var stepsText: String {
        String(decoding: JSON.encode(Step.value(steps)), as: UTF8.self)
    }
}
