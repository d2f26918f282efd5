import Foundation
import GRDB

extension SQLiteStore {
    public func tokens() throws(StoreError) -> [TokenRecord] {
        try read(Self.tokens)
    }

    public func add(_ token: TokenRecord, audit: AuditEntry? = nil) throws(StoreError) -> TokenRecord {
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
            try Self.append(audit, about: stored.summary, in: database)
            return stored
        }
    }

    public func save(uses: [Int: Int]) throws(StoreError) {
        try write { database in
            let update = try database.cachedStatement(sql: "UPDATE token SET used = ? WHERE id = ?")
            for (id, time) in uses { try update.execute(arguments: [time, id]) }
        }
    }

    public func removeToken(_ id: Int, audit: AuditEntry? = nil) throws(StoreError) -> Bool {
        try write { database in
            let name = try String.fetchOne(database, sql: "SELECT principal FROM token WHERE id = ?", arguments: [id])
            guard let name else { return false }
            try database.execute(sql: "DELETE FROM token WHERE id = ?", arguments: [id])
            try Self.append(audit, about: "\(id) of \(name)", in: database)
            return true
        }
    }

    static func tokens(_ database: Database) throws -> [TokenRecord] {
        try Row.fetchAll(database, sql: "SELECT * FROM token ORDER BY id").map(TokenRecord.init)
    }
}

extension TokenRecord {
    /// `7 of jana: /courses, view, start`
    fileprivate var summary: String {
        let bounds = [folder, certname].compactMap { $0 } + (rights ?? [])
        return "\(id) of \(principal)" + (bounds.isEmpty ? "" : ": " + bounds.joined(separator: ", "))
    }
}
