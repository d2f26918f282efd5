import Formats
import GRDB
import Tree

/// A row of `change` as it stands in the database: texts and JSON, to be made into values on any core.
struct ChangeRow: Sendable {
    /// 0 before the row was written.
    let number: Int
    /// 0 before the row was written.
    let revision: Int
    let id: String
    let path: String
    /// Nil if the entry was removed.
    let kind: String?
    /// Nil if the entry was removed.
    let definition: String?

    /// What is written of a change.
    init(_ change: Change) {
        number = 0
        revision = 0
        id = change.id.description
        path = change.path.description
        switch change {
        case .set(_, let kind, _, let definition):
            self.kind = kind.rawValue
            self.definition = String(decoding: JSON.encode(.map(definition)), as: UTF8.self)
        case .remove:
            kind = nil
            definition = nil
        }
    }

    /// The columns that ``init(_:)-(Row)`` reads, in its order.
    static let columns = "change.number, change.revision, change.id, change.path, kind, definition"

    init(_ row: Row) throws {
        do {
            number = try row.decode(atIndex: 0)
            revision = try row.decode(atIndex: 1)
            id = try row.decode(atIndex: 2)
            path = try row.decode(atIndex: 3)
            kind = try row.decode(atIndex: 4)
            definition = try row.decode(atIndex: 5)
        } catch {
            let key: DatabaseValue = row[0]
            throw StoreError.Reason.damaged("table change, row \(key): a column holds a value of another type")
        }
    }

    /// The rows of a query for ``columns``, made into values.
    static func fetch<Value: Sendable>(
        _ database: Database, _ query: String, arguments: StatementArguments = [],
        as read: @Sendable (ChangeRow) throws -> Value
    ) throws -> [Value] {
        let rows = try Row.fetchCursor(database, sql: "SELECT \(columns) FROM \(query)", arguments: arguments)
        var values: [Value] = []
        var batch: [ChangeRow] = []
        while let row = try rows.next() {
            batch.append(try ChangeRow(row))
            guard batch.count == batchSize else { continue }
            values += try Parallel.map(batch, read)
            batch.removeAll(keepingCapacity: true)
        }
        return values + (try Parallel.map(batch, read))
    }

    /// How many rows are held as texts at a time.
    private static let batchSize = 8_192

    func entry() throws -> Entry {
        Entry(
            id: try place.id(id, in: "id"), kind: try place.choice(kind ?? "", in: "kind"),
            path: try place.path(path, in: "path"),
            definition: try place.map(Array((definition ?? "").utf8), in: "definition"), revision: revision)
    }

    func change() throws -> Change {
        guard definition != nil else {
            return .remove(id: try place.id(id, in: "id"), path: try place.path(path, in: "path"))
        }
        let entry = try entry()
        return .set(id: entry.id, kind: entry.kind, path: entry.path, definition: entry.definition)
    }

    private var place: Place { Place(table: "change", row: "\(number)") }
}
