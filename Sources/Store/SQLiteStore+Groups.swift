import Formats
import GRDB
import Tree

extension SQLiteStore {
    public func groups() throws(StoreError) -> [GroupRecord] {
        try read(Self.groups)
    }

    public func add(_ group: GroupRecord) throws(StoreError) -> GroupRecord {
        try write { database in
            try checkTexts(group.name)
            try database.execute(
                sql: "INSERT INTO user_group (name, members, created) VALUES (?, ?, ?)",
                arguments: [group.name, Self.text(of: group.members), group.created])
            var stored = group
            stored.id = Int(database.lastInsertedRowID)
            return stored
        }
    }

    public func save(_ group: GroupRecord) throws(StoreError) {
        try write { try Self.save(group, in: $0) }
    }

    public func removeGroup(_ id: Int) throws(StoreError) -> Bool {
        try write { database in
            try database.execute(sql: "DELETE FROM user_group WHERE id = ?", arguments: [id])
            return database.changesCount == 1
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
