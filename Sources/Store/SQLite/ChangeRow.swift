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

    /// The rows of a query for ``columns``, made into values while more are read.
    static func fetch<Value: Sendable>(
        _ database: Database, _ query: String, arguments: StatementArguments = [],
        as read: @escaping @Sendable (ChangeRow, inout PathReader) throws -> Value
    ) throws -> [Value] {
        let pipeline = Pipeline<ChangeRow, Value> { rows in
            var paths = PathReader()
            return try rows.map { try read($0, &paths) }
        }
        let rows = try Row.fetchCursor(database, sql: "SELECT \(columns) FROM \(query)", arguments: arguments)
        var batch: [ChangeRow] = []
        while let row = try rows.next() {
            batch.append(try ChangeRow(row))
            guard batch.count == batchSize else { continue }
            pipeline.take(batch)
            batch.removeAll(keepingCapacity: true)
        }
        return try pipeline.finish(with: batch)
    }

    /// How many rows are made into values at a time.
    private static let batchSize = 512

    func entry(_ paths: inout PathReader) throws -> Entry {
        let place = place
        return Entry(
            id: try place.id(id, in: "id"), kind: try place.choice(kind ?? "", in: "kind"),
            path: try place.path(path, in: "path", &paths),
            definition: try place.map(Array((definition ?? "").utf8), in: "definition"), revision: revision)
    }

    func change(_ paths: inout PathReader) throws -> Change {
        guard definition != nil else {
            return .remove(id: try place.id(id, in: "id"), path: try place.path(path, in: "path", &paths))
        }
        let entry = try entry(&paths)
        return .set(id: entry.id, kind: entry.kind, path: entry.path, definition: entry.definition)
    }

    private var place: RowReader { RowReader(table: "change", row: "\(number)") }
}
