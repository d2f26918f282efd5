import GRDB

extension Schema {
    /// Takes the steps after `version`, all or none.
    func upgrade(_ pool: DatabasePool, from version: Int) throws {
        do {
            try pool.write { database in
                for step in steps[version...] { try database.execute(sql: step) }
                try database.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
                try database.execute(sql: "PRAGMA user_version = \(self.version)")
            }
        } catch let error as DatabaseError where error.resultCode != .SQLITE_FULL {
            throw StoreError.Reason.upgrade(from: version, to: self.version, "\(StoreError.Reason(error))")
        }
    }
}
