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
        let proposal = try Proposal(body, call)
        let plan = try await call.parts.planner.plan(proposal, of: call.snapshot, by: call.principal, names: names)
        return call.answer(.map(plan.document(limit: limit)))
    }
}
