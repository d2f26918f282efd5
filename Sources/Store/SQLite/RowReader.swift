import Formats
import Tree

/// A row of a table. Reads texts as values; what cannot be read is damage, named by table, row and column.
struct RowReader: Sendable {
    let table: String
    /// The row's key.
    let row: String

    func id(_ text: String, in column: String) throws(StoreError.Reason) -> EntryID {
        guard let id = EntryID(text) else { throw damage(column, "\"\(text)\" is not a UUID") }
        return id
    }

    func path(_ text: String, in column: String) throws(StoreError.Reason) -> Path {
        var paths = PathReader()
        return try path(text, in: column, &paths)
    }

    func path(_ text: String, in column: String, _ paths: inout PathReader) throws(StoreError.Reason) -> Path {
        do {
            return try paths.path(text)
        } catch {
            throw damage(column, "\(error)")
        }
    }

    /// Reads a text that stands for one of an enumeration's cases.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ text: String, in column: String
    ) throws(StoreError.Reason) -> Choice {
        if let choice = Choice(rawValue: text) { return choice }
        let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        throw damage(column, "expected one of \(known), found \"\(text)\"")
    }

    /// Reads JSON. What was accepted once is read, whatever limits hold for what comes in now.
    func value(_ json: [UInt8], in column: String) throws(StoreError.Reason) -> Value {
        do {
            return try JSON.decode(json, limits: Limits(depth: Limits.maximumDepth, nodes: .max, bytes: .max))
        } catch {
            throw damage(column, "\(error)")
        }
    }

    /// Reads a JSON object.
    func map(_ json: [UInt8], in column: String) throws(StoreError.Reason) -> Map {
        let value = try value(json, in: column)
        guard let map = value.map else { throw damage(column, "expected a map, found \(value.kind)") }
        return map
    }

    func damage(_ column: String, _ cause: String) -> StoreError.Reason {
        .damaged("table \(table), row \(row), column \(column): \(cause)")
    }
}
