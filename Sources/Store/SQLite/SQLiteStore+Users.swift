import GRDB

extension SQLiteStore {
    public func users() throws(StoreError) -> [UserRecord] {
        try read(Self.users)
    }

    public func add(_ user: UserRecord, audit: AuditEntry? = nil) throws(StoreError) -> UserRecord {
        try write { database in
            try checkTexts(user.name, user.password)
            try database.execute(
                sql: """
                    INSERT INTO user (name, password, generation, is_superuser, is_disabled, created)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    user.name, user.password, user.generation, user.isSuperuser, user.isDisabled, user.created,
                ])
            var stored = user
            stored.id = Int(database.lastInsertedRowID)
            try Self.append(audit, about: user.name, in: database)
            return stored
        }
    }

    public func save(_ user: UserRecord, audit: AuditEntry? = nil) throws(StoreError) {
        try write { database in
            try checkTexts(user.password)
            let wasDisabled = try Bool.fetchOne(
                database, sql: "SELECT is_disabled FROM user WHERE id = ?", arguments: [user.id])
            if user.isDisabled, wasDisabled == false {
                try database.execute(sql: "DELETE FROM token WHERE principal = ?", arguments: [user.name])
            }
            try database.execute(
                sql: "UPDATE user SET password = ?, generation = ?, is_superuser = ?, is_disabled = ? WHERE id = ?",
                arguments: [user.password, user.generation, user.isSuperuser, user.isDisabled, user.id])
            guard database.changesCount == 1 else {
                throw StoreError.Reason.refused("there is no user of number \(user.id)")
            }
            try Self.append(audit, about: audit?.subject ?? user.name, in: database)
        }
    }

    public func removeUser(_ id: Int, audit: AuditEntry? = nil) throws(StoreError) -> Bool {
        try write { database in
            let name = try String.fetchOne(database, sql: "SELECT name FROM user WHERE id = ?", arguments: [id])
            guard let name else { return false }
            try database.execute(sql: "DELETE FROM token WHERE principal = ?", arguments: [name])
            for var group in try Self.groups(database) where group.members.contains(name) {
                group.members.removeAll { $0 == name }
                try Self.save(group, in: database)
            }
            try database.execute(sql: "DELETE FROM user WHERE id = ?", arguments: [id])
            try Self.append(audit, about: name, in: database)
            return true
        }
    }

    static func users(_ database: Database) throws -> [UserRecord] {
        try Row.fetchAll(database, sql: "SELECT * FROM user ORDER BY id").map(UserRecord.init)
    }
}
