import Formats
import GRDB
import Tree

extension SQLiteStore {
    public func groups() throws(StoreError) -> [GroupRecord] {
        try read(Self.groups)
    }

    public func add(_ group: GroupRecord, audit: AuditEntry? = nil) throws(StoreError) -> GroupRecord {
        try write { database in
            try checkTexts(group.name)
            try database.execute(
                sql: "INSERT INTO user_group (name, members, created) VALUES (?, ?, ?)",
                arguments: [group.name, Self.text(of: group.members), group.created])
            var stored = group
            stored.id = Int(database.lastInsertedRowID)
            try Self.append(audit, about: group.name, in: database)
            return stored
        }
    }

    public func save(_ group: GroupRecord, audit: AuditEntry? = nil) throws(StoreError) {
        try write { database in
            try Self.save(group, in: database)
            try Self.append(audit, about: audit?.subject ?? group.name, in: database)
        }
    }

    public func removeGroup(_ id: Int, audit: AuditEntry? = nil) throws(StoreError) -> Bool {
        try write { database in
            let name = try String.fetchOne(database, sql: "SELECT name FROM user_group WHERE id = ?", arguments: [id])
            guard let name else { return false }
            try database.execute(sql: "DELETE FROM user_group WHERE id = ?", arguments: [id])
            try Self.append(audit, about: name, in: database)
            return true
        }
    }

    static func save(_ group: GroupRecord, in database: Database) throws {
        try database.execute(
            sql: "UPDATE user_group SET members = ? WHERE id = ?",
            arguments: [Self.text(of: group.members), group.id])
        guard database.changesCount == 1 else {
            throw StoreError.Reason.refused("there is no group of number \(group.id)")
        }
    }

    static func groups(_ database: Database) throws -> [GroupRecord] {
        try Row.fetchAll(database, sql: "SELECT * FROM user_group ORDER BY id").map(GroupRecord.init)
    }

    /// Names as a JSON list.
    static func text(of names: [String]) -> String {
        String(decoding: JSON.encode(.list(names.map(Value.string))), as: UTF8.self)
    }
}
