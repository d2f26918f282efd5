import GRDB

extension Schema {
    /// Makes a database in `file`, which is whole or not there: an empty file is never one of ours.
    func make(_ file: String) throws {
        let draft = StateFile(path: file + ".new")
        for file in [draft] + draft.companions { file.remove() }
        do {
            try draft.make()
            let queue = try DatabaseQueue(path: draft.path, configuration: .store)
            try upgrade(queue, from: 0)
            try queue.close()
            try draft.rename(to: file)
        } catch {
            draft.remove()
            throw error
        }
    }

    /// Takes the steps after `version`, all or none.
    func upgrade(_ writer: some DatabaseWriter, from version: Int) throws {
        do {
            try writer.write { database in
                for step in steps[version...] { try database.execute(sql: step) }
                try database.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
                try database.execute(sql: "PRAGMA user_version = \(self.version)")
            }
        } catch let error as DatabaseError where error.resultCode != .SQLITE_FULL {
            throw StoreError.Reason.upgrade(from: version, to: self.version, "\(StoreError.Reason(error))")
        }
    }
}
