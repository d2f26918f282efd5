import Access
import HTTP
import Lifecycle
import OrderedCollections
import Store
import Tree

/// Following and cancelling operations.
enum OperationRoutes {
    static let all: [ServiceRoute] = [
        .wait(
            .get, "/v1/operations", .known, "operations, newest first",
            [
                Query(name: "limit", summary: "how many to list, to 1000; default 100"),
                Query(name: "before", summary: "only those with a smaller number"),
                Query(name: "parent", summary: "the parts of this operation instead"),
                Query(name: "state", summary: "only those in one of these states, such as queued,running"),
                Query(name: "path", summary: "only those on this entry, or on one below it"),
            ], list),
        .wait(
            .get, "/v1/operations/{id}", .known, "an operation",
            [Query(name: "wait", summary: "answer when it has ended, or after so many seconds, to 600")]
        ) { call async throws(ServiceError) in
            let known = try await shown(call)
            let seconds = try call.number("wait", in: 0...600) ?? 0
            let operation = try await call.wait(for: known, .seconds(seconds))
            return call.answer(.map(try await call.document(of: operation)))
        },
        .wait(.delete, "/v1/operations/{id}", .known, "give up what of an operation has not begun") {
            call async throws(ServiceError) in
            let operation = try await shown(call)
            return call.answer(.map(try await call.document(of: try await call.cancel(operation))))
        },
    ]

    private static func list(_ call: Call) async throws(ServiceError) -> Response {
        let states = try call.head.query("state").map { text throws(ServiceError) in try Self.states(text) }
        let path = try call.head.query("path").map { text throws(ServiceError) in try Call.path(text) }
        let isShown: @Sendable (Operation) -> Bool = { operation in
            guard call.shows(operation), states?.contains(operation.state) ?? true else { return false }
            return path?.contains(operation.path) ?? true
        }
        let parent = try call.number("parent", in: 1...Int.max)
        if let parent, try await !call.shows(call.parts.operations.operation(parent)) { throw .noOperation(parent) }
        let list = try await call.parts.operations.list(
            of: parent, before: try call.number("before", in: 1...Int.max),
            limit: try call.number("limit", in: 1...1_000) ?? 100, isShown)
        var documents: [Value] = []
        for operation in list { documents.append(.map(try await call.document(of: operation))) }
        return call.answer(["operations": .list(documents)])
    }

    private static func states(_ text: String) throws(ServiceError) -> Set<Operation.State> {
        var states: Set<Operation.State> = []
        for name in text.split(separator: ",") {
            guard let state = Operation.State(rawValue: String(name)) else {
                let known = Operation.State.allCases.map(\.rawValue).joined(separator: ", ")
                throw .badRequest("state=\(text): expected some of \(known), with commas between them")
            }
            states.insert(state)
        }
        return states
    }

    /// The operation that is named, as far as it exists for the caller.
    private static func shown(_ call: Call) async throws(ServiceError) -> Operation {
        let id = try id(call)
        let operation = try await call.parts.operations.operation(id)
        guard call.shows(operation) else { throw .noOperation(id) }
        return operation
    }

    private static func id(_ call: Call) throws(ServiceError) -> Int {
        let text = call.parameters["id"] ?? ""
        guard let id = Int(text), id > 0 else {
            throw .notFound("there is no operation \"\(text)\"; operations are numbered from 1")
        }
        return id
    }
}

extension Operation {
    /// The operation as people and programs see it.
    var document: Map {
        var map: Map = ["id": .integer(id)]
        map["parent"] = parent.map(Value.integer)
        let order = Order(verb)
        map["verb"] = .string(order?.verb.rawValue ?? verb)
        if order?.keeps == true { map["keep"] = true }
        if order?.keepsDisks == true { map["keepDisks"] = true }
        map["grace"] = (order?.grace).map { .integer(Int($0.components.seconds)) }
        if order?.restoresWanted == true { map["wanted"] = true }
        map["path"] = .string(path.description)
        map["state"] = .string(state.rawValue)
        map["progress"] = ["done": .integer(done), "total": .integer(total)]
        map["steps"] = .list(steps.map { ["time": .string(Clock.text($0.time)), "text": .string($0.text)] })
        map["error"] = error.map(Value.string)
        map["principal"] = .string(principal)
        map["created"] = .string(Clock.text(created))
        map["started"] = started.map { .string(Clock.text($0)) }
        map["ended"] = ended.map { .string(Clock.text($0)) }
        return map
    }
}
