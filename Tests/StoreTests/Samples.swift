import GRDB
import OrderedCollections
import Store
import Tree

/// Short ways to say what the tests say often.

extension Draft {
    init(_ changes: [Change], principal: String = "ana", time: Int = 1_700_000_000_000) {
        self.init(principal: principal, time: time, changes: changes)
    }
}

extension Change {
    static func vm(_ id: EntryID, _ path: String, _ definition: Map = [:]) throws -> Change {
        .set(id: id, kind: .vm, path: try Path(path), definition: definition)
    }

    static func gone(_ id: EntryID, _ path: String) throws -> Change {
        .remove(id: id, path: try Path(path))
    }
}

/// What an entry says, for comparison: entries share layers by identity and are not equatable.
struct Said: Hashable, CustomStringConvertible {
    let id: EntryID
    let kind: Kind
    let path: Path
    let definition: Map
    let revision: Int

    init(_ entry: Entry) {
        id = entry.id
        kind = entry.kind
        path = entry.path
        definition = entry.definition
        revision = entry.revision
    }

    var description: String { "\(path) \(kind) \(definition) of revision \(revision)" }
}

extension StateStore {
    /// What the store says about the current tree.
    func said() throws -> [Said] { try load().entries.map(Said.init) }
}

extension SQLiteStore {
    /// Changes the database behind the store's back.
    func tamper(_ sql: String) throws {
        try pool.writeWithoutTransaction { try $0.execute(sql: sql) }
    }
}

/// The text of the error that `body` throws; nil if it throws none.
func message(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch {
        return "\(error)"
    }
}
