import Dispatch
import HTTP
import Synchronization
import TestSupport
import Testing
import Tree

@testable import Service

@Suite("Every route")
struct RouteWalkTests {
    /// Those that have little to do, however large the tree is: they are answered at once.
    private static let short: Set<String> = [
        "GET /healthz", "GET /readyz", "GET /openapi.json", "GET /v1/events", "GET /v1/users/{name}",
        "GET /v1/groups/{name}", "GET /v1/tokens/{id}", "POST /oauth/token",
    ]

    @Test(
        "that may take long is handled on its caller's share of threads: while these have other work, whoever else asks is answered"
    )
    func walk() async throws {
        try await Site.with(tree: MatrixRequest.tree, people: ["rita"]) { site in
            try await MatrixRequest.prepare(site)
            try await MatrixRequest.trust("rita", site)
            // So much that each machine of the routes is a large one.
            let words = Value.list((0..<10_000).map { .string("word \($0)") })
            #expect(try await site.patch("/v1/tree/so/common", ["vars": ["words": words]]).status == 200)
            let threads = [site.service.parts.readers, site.service.parts.handlers]
            let gate = DispatchSemaphore(value: 0)
            let answered = Answered()
            let blocks = threads.reduce(0) { $0 + $1.limit }
            try await withThrowingTaskGroup(of: (String, Reply)?.self) { group in
                defer { for _ in 0..<blocks { gate.signal() } }
                for threads in threads {
                    for _ in 0..<threads.limit {
                        group.addTask {
                            try await threads.run(for: "ana", gate.blocking)
                            return nil
                        }
                    }
                }
                for route in ServiceRoute.all {
                    let name = "\(route.method) \(route.pattern)"
                    let request = try #require(
                        MatrixRequest.all[name], "\(name) is new: give MatrixRequest an example of it")
                    group.addTask {
                        let reply = try await request.reply(of: site)
                        answered.add(name)
                        return (name, reply)
                    }
                }
                try await eventually("each is answered or waits for a thread") {
                    let waiting = threads.reduce(0) { $0 + $1.waiting(for: "ana") }
                    return answered.routes.count + waiting >= ServiceRoute.all.count
                }
                try await others(are: site)
                #expect(answered.routes == Self.short)
                for _ in 0..<blocks { gate.signal() }
                for try await case (let name, let reply)? in group {
                    #expect((200..<500).contains(reply.status), "\(name): \(reply.text.prefix(300))")
                }
            }
        }
    }

    /// Small and long reads, a plan and a change of somebody else.
    private func others(are site: Site) async throws {
        let rita = site.acting(as: "rita")
        for target in ["/healthz", "/readyz"] { #expect(try await site.unknown.get(target).status == 200) }
        for target in ["/enc/gpu.ai.lab.example", "/hiera/web.so.lab.example", "/v1/tree/?recursive", "/v1/operations"]
        {
            #expect(try await rita.get(target).status == 200, "\(target)")
        }
        let change: Value = ["vars": ["a": 1]]
        #expect(try await rita.post("/v1/plan", ["patch": "/so", "definition": change]).status == 200)
        #expect(try await rita.patch("/v1/tree/ai/gpu", change).status == 200)
    }
}

/// The routes that have been answered.
private final class Answered: Sendable {
    private let state = Mutex<Set<String>>([])

    var routes: Set<String> { state.withLock { $0 } }

    func add(_ route: String) { state.withLock { _ = $0.insert(route) } }
}
