import Formats
import GRDB
public import Tree

extension SQLiteStore {
    public func save(machine record: Map, of id: EntryID) throws(StoreError) {
        let json = String(decoding: JSON.encode(.map(record)), as: UTF8.self)
        try write { database in
            try database.execute(
                sql: """
                    INSERT INTO machine (id, record) VALUES (?, ?)
                    ON CONFLICT (id) DO UPDATE SET record = excluded.record
                    """,
                arguments: [id.description, json])
        }
    }

    public func removeMachine(of id: EntryID) throws(StoreError) {
        try write { database in
            try database.execute(sql: "DELETE FROM machine WHERE id = ?", arguments: [id.description])
        }
    }

    /// What is known of all machines.
    static func machines(_ database: Database) throws -> [EntryID: Map] {
        let rows = try Row.fetchCursor(database, sql: "SELECT id, record FROM machine")
        var machines: [EntryID: Map] = [:]
        while let row = try rows.next() {
            let columns = Columns(table: "machine", row: row)
            machines[try columns.id("id")] = try columns.map("record")
        }
        return machines
    }
}
