import Foundation
import GRDB

extension SQLiteStore {
    public func tokens() throws(StoreError) -> [TokenRecord] {
        try read(Self.tokens)
    }

    public func add(_ token: TokenRecord) throws(StoreError) -> TokenRecord {
        try write { database in
            try checkTexts(token.principal, token.note, token.folder, token.certname)
            try database.execute(
                sql: """
                    INSERT INTO token
                        (hash, principal, is_superuser, note, created, expires, folder, rights, certname, used)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    Data(token.hash), token.principal, token.isSuperuser, token.note, token.created, token.expires,
                    token.folder, token.rights.map(Self.text(of:)), token.certname, token.used,
                ])
            var stored = token
            stored.id = Int(database.lastInsertedRowID)
            return stored
        }
    }

    public func save(uses: [Int: Int]) throws(StoreError) {
        try write { database in
            let update = try database.cachedStatement(sql: "UPDATE token SET used = ? WHERE id = ?")
            for (id, time) in uses { try update.execute(arguments: [time, id]) }
        }
    }

    public func removeToken(_ id: Int) throws(StoreError) -> Bool {
        try write { database in
            try database.execute(sql: "DELETE FROM token WHERE id = ?", arguments: [id])
            return database.changesCount == 1
        }
    }

    static func tokens(_ database: Database) throws -> [TokenRecord] {
        try Row.fetchAll(database, sql: "SELECT * FROM token ORDER BY id").map(TokenRecord.init)
    }
}
