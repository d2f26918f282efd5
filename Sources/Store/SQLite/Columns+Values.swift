import Foundation
import GRDB
import Tree

extension Revision {
    /// Reads a row of `revision`.
    init(row: Row) throws {
        let columns = Columns(table: "revision", row: row)
        self.init(
            number: try columns.read("number"), time: try columns.read("time"),
            principal: try columns.read("principal"), address: try columns.read("address"),
            message: try columns.read("message"), changes: try columns.read("changes"))
    }
}

extension Operation {
    /// Reads a row of `operation`.
    init(row: Row) throws {
        let columns = Columns(table: "operation", row: row)
        self.init(
            id: try columns.read("id"), parent: try columns.read("parent"), verb: try columns.read("verb"),
            path: try columns.path("path"), machine: try columns.optionalID("machine"),
            state: try columns.choice("state"),
            build: try columns.read("build"), done: try columns.read("done"), total: try columns.read("total"),
            steps: try Step.read(columns), error: try columns.read("error"), principal: try columns.read("principal"),
            created: try columns.read("created"), started: try columns.read("started"), ended: try columns.read("ended")
        )
    }
}

extension Operation.Step {
    /// Reads `steps`: a JSON list of `[time, text]`.
    fileprivate static func read(_ columns: Columns) throws -> [Operation.Step] {
        let value = try columns.value("steps")
        let steps = value.list?.compactMap { step -> Operation.Step? in
            guard let pair = step.list, pair.count == 2, let time = pair[0].integer, let text = pair[1].string
            else { return nil }
            return Operation.Step(time: time, text: text)
        }
        guard let steps, steps.count == value.list?.count else {
            throw columns.damage("steps", "expected a list of times and texts")
        }
        return steps
    }

    /// How `steps` are written.
    static func value(_ steps: [Operation.Step]) -> Value {
        .list(steps.map { .list([.integer($0.time), .string($0.text)]) })
    }
}

extension TokenRecord {
    /// Reads a row of `token`.
    init(row: Row) throws {
        let columns = Columns(table: "token", row: row)
        self.init(
            id: try columns.read("id"), hash: [UInt8](try columns.read("hash", as: Data.self)),
            principal: try columns.read("principal"), isSuperuser: try columns.read("is_superuser"),
            note: try columns.read("note"), created: try columns.read("created"), expires: try columns.read("expires"),
            folder: try columns.read("folder"), rights: try columns.names("rights"),
            certname: try columns.read("certname"), used: try columns.read("used"))
    }
}

extension UserRecord {
    /// Reads a row of `user`.
    init(row: Row) throws {
        let columns = Columns(table: "user", row: row)
        self.init(
            id: try columns.read("id"), name: try columns.read("name"), password: try columns.read("password"),
            generation: try columns.read("generation"), isSuperuser: try columns.read("is_superuser"),
            isDisabled: try columns.read("is_disabled"), created: try columns.read("created"))
    }
}

extension GroupRecord {
    /// Reads a row of `user_group`.
    init(row: Row) throws {
        let columns = Columns(table: "user_group", row: row)
        self.init(
            id: try columns.read("id"), name: try columns.read("name"), members: try columns.names("members") ?? [],
            created: try columns.read("created"))
    }
}
