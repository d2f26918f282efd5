import Formats
import GRDB
import Tree

/// The columns of one row. What cannot be read as the value it should be is damage, named by table, row and column.
struct Fields {
    let table: String
    /// A row whose first column is the table's key.
    let row: Row

    /// What was accepted once is read, whatever limits hold for what comes in now.
    private static let limits = Limits(depth: Limits.maximumDepth, nodes: .max, bytes: .max)

    func read<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        _ column: String, as type: Value.Type = Value.self
    ) throws -> Value {
        do {
            return try row.decode(type, forColumn: column)
        } catch {
            throw damage(column, "expected a value of type \(type), found another one")
        }
    }

    func id(_ column: String) throws -> EntryID {
        let text: String = try read(column)
        guard let id = EntryID(text) else { throw damage(column, "\"\(text)\" is not a UUID") }
        return id
    }

    func path(_ column: String) throws -> Path {
        let text: String = try read(column)
        do {
            return try Path(text)
        } catch {
            throw damage(column, "\(error)")
        }
    }

    /// Reads a text that stands for one of an enumeration's cases.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ column: String) throws -> Choice {
        let text: String = try read(column)
        if let choice = Choice(rawValue: text) { return choice }
        let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        throw damage(column, "expected one of \(known), found \"\(text)\"")
    }

    /// Reads JSON.
    func value(_ column: String) throws -> Value {
        let text: String = try read(column)
        do {
            return try JSON.decode(Array(text.utf8), limits: Self.limits)
        } catch {
            throw damage(column, "\(error)")
        }
    }

    /// Reads a JSON object.
    func map(_ column: String) throws -> Map {
        let value = try value(column)
        guard let map = value.map else { throw damage(column, "expected a map, found \(value.kind)") }
        return map
    }

    func damage(_ column: String, _ cause: String) -> StoreError.Reason {
        let key: DatabaseValue = row[0]
        return .damaged("table \(table), row \(key), column \(column): \(cause)")
    }
}
