import Access
import HTTP
import Tree

/// What changes would do.
enum PlanRoutes {
    static let all: [ServiceRoute] = [
        .write(
            .post, "/v1/plan", .known,
            "what a change would do, to entries, machines and documents; changes nothing",
            [
                Query(
                    name: "limit", summary: "how many entries and groups of machines to tell, to 100000; default 100"),
                Query(name: "names", summary: "how many machines of a group to name, to 100000; default 20"),
            ], plan)
    ]

    private static func plan(_ call: Call, _ body: Value) async throws(ServiceError) -> Response {
        let limit = try call.number("limit", in: 1...100_000) ?? 100
        let names = try call.number("names", in: 0...100_000) ?? 20
        return try await call.aside { call throws(ServiceError) in
            let proposal = try Proposal(body, call)
            try proposal.refuseDefinitions(deeperThan: call.parts.options.depth)
            // Machines that it would break are told of.
            let trial = try Trial(call.snapshot, call.principal, isForced: true, until: call.limit) {
                before, edit throws(ServiceError) in
                try proposal.make(of: before, &edit)
            }
            return call.answer(.map(try Plan(trial, names: names, until: call.limit).document(limit: limit)))
        }
    }
}
