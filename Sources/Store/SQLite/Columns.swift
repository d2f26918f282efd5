import GRDB
import Tree

/// The columns of one row, by name.
struct Columns {
    private let row: Row
    private let place: RowReader

    /// - Parameter row: a row whose first column is the table's key.
    init(table: String, row: Row) {
        self.row = row
        let key: DatabaseValue = row[0]
        place = RowReader(table: table, row: "\(key)")
    }

    func read<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        _ column: String, as type: Value.Type = Value.self
    ) throws -> Value {
        do {
            return try row.decode(type, forColumn: column)
        } catch {
            throw damage(column, "expected a value of type \(type), found another one")
        }
    }

    func id(_ column: String) throws -> EntryID { try place.id(read(column), in: column) }

    func optionalID(_ column: String) throws -> EntryID? {
        try read(column, as: String?.self).map { try place.id($0, in: column) }
    }

    func path(_ column: String) throws -> Path { try place.path(read(column), in: column) }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ column: String) throws -> Choice {
        try place.choice(read(column), in: column)
    }

    func value(_ column: String) throws -> Value { try place.value(json(column), in: column) }

    func map(_ column: String) throws -> Map { try place.map(json(column), in: column) }

    /// A JSON list of texts; nil where there is none.
    func names(_ column: String) throws -> [String]? {
        guard try read(column, as: String?.self) != nil else { return nil }
        let list = try value(column).list
        let names = list?.compactMap(\.string)
        guard let names, names.count == list?.count else { throw damage(column, "expected a list of texts") }
        return names
    }

    func damage(_ column: String, _ cause: String) -> StoreError.Reason { place.damage(column, cause) }

    private func json(_ column: String) throws -> [UInt8] { Array(try read(column, as: String.self).utf8) }
}
