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
            .get, "/v1/operations", .may(.view), "operations, newest first",
            [
                Query(name: "limit", summary: "how many to list, to 1000; default 100"),
                Query(name: "before", summary: "only those with a smaller number"),
                Query(name: "parent", summary: "the parts of this operation instead"),
            ]
        ) { call async throws(ServiceError) in
            let limit = try call.number("limit", in: 1...1_000) ?? 100
            let list = try await call.parts.operations.list(
                of: try call.number("parent", in: 1...Int.max), before: try call.number("before", in: 1...Int.max),
                limit: limit)
            return call.answer(["operations": .list(list.map { .map($0.document) })])
        },
        .wait(
            .get, "/v1/operations/{id}", .may(.view), "an operation",
            [Query(name: "wait", summary: "answer when it has ended, or after so many seconds, to 600")]
        ) { call async throws(ServiceError) in
            let seconds = try call.number("wait", in: 0...600) ?? 0
            let operation = try await call.parts.operations.wait(try id(call), .seconds(seconds))
            return call.answer(.map(operation.document))
        },
        .wait(.delete, "/v1/operations/{id}", .may(.stop), "give up what of an operation has not begun") {
            call async throws(ServiceError) in
            call.answer(.map(try await call.parts.operations.cancel(try id(call)).document))
        },
    ]

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
