import Foundation
import GRDB
import Tree

extension Revision {
    /// Reads a row of `revision`.
    init(row: Row) throws {
        let fields = Fields(table: "revision", row: row)
        self.init(
            number: try fields.read("number"), time: try fields.read("time"),
            principal: try fields.read("principal"), address: try fields.read("address"),
            message: try fields.read("message"), changes: try fields.read("changes"))
    }
}

extension Operation {
    /// Reads a row of `operation`.
    init(row: Row) throws {
        let fields = Fields(table: "operation", row: row)
        self.init(
            id: try fields.read("id"), parent: try fields.read("parent"), verb: try fields.read("verb"),
            path: try fields.path("path"), machine: try fields.optionalID("machine"), state: try fields.choice("state"),
            build: try fields.read("build"), done: try fields.read("done"), total: try fields.read("total"),
            steps: try Step.read(fields), error: try fields.read("error"), principal: try fields.read("principal"),
            created: try fields.read("created"), started: try fields.read("started"), ended: try fields.read("ended"))
    }
}

extension Operation.Step {
    /// Reads `steps`: a JSON list of `[time, text]`.
    fileprivate static func read(_ fields: Fields) throws -> [Operation.Step] {
        let value = try fields.value("steps")
        let steps = value.list?.compactMap { step -> Operation.Step? in
            guard let pair = step.list, pair.count == 2, let time = pair[0].integer, let text = pair[1].string
            else { return nil }
            return Operation.Step(time: time, text: text)
        }
        guard let steps, steps.count == value.list?.count else {
            throw fields.damage("steps", "expected a list of times and texts")
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
        let fields = Fields(table: "token", row: row)
        self.init(
            id: try fields.read("id"), hash: [UInt8](try fields.read("hash", as: Data.self)),
            principal: try fields.read("principal"), isSuperuser: try fields.read("is_superuser"),
            note: try fields.read("note"), created: try fields.read("created"), expires: try fields.read("expires"),
            folder: try fields.read("folder"), rights: try fields.names("rights"),
            certname: try fields.read("certname"), used: try fields.read("used"))
    }
}

extension UserRecord {
    /// Reads a row of `user`.
    init(row: Row) throws {
        let fields = Fields(table: "user", row: row)
        self.init(
            id: try fields.read("id"), name: try fields.read("name"), password: try fields.read("password"),
            generation: try fields.read("generation"), isSuperuser: try fields.read("is_superuser"),
            isDisabled: try fields.read("is_disabled"), created: try fields.read("created"))
    }
}

extension GroupRecord {
    /// Reads a row of `user_group`.
    init(row: Row) throws {
        let fields = Fields(table: "user_group", row: row)
        self.init(
            id: try fields.read("id"), name: try fields.read("name"), members: try fields.names("members") ?? [],
            created: try fields.read("created"))
    }
}
