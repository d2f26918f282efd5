import Dispatch
import HTTP
import OrderedCollections
import Synchronization
import Testing
import Tree

@testable import Service

@Suite("An answer about many machines")
struct AsideTests {
    private static let lists = [
        "/ansible", "/ansible?vars=none", "/ansible/vars", "/v1/tree/?recursive", "/v1/problems", "/v1/revisions",
        "/v1/revisions/1", "/v1/explain/so/ana/web?blame", "/v1/computed/so/ana/web?at=2",
    ]

    @Test("is put together beside the worker that read the request", arguments: lists)
    func aside(target: String) async throws {
        #expect(try await isAnswered(byWorker: target) == false)
    }

    @Test(
        "holds up nobody who asks for one machine, which the worker answers at once",
        arguments: ["/hiera/web.ana.so.lab.example", "/v1/tree/so/ana/web"])
    func one(target: String) async throws {
        #expect(try await isAnswered(byWorker: target))
    }

    @Test(
        "or about one of a large definition is put together beside the worker as well",
        arguments: ["/v1/computed/big", "/v1/tree/big", "/enc/big.lab.example", "/hiera/big.lab.example/x"])
    func large(target: String) async throws {
        let words = Value.list((0..<10_000).map { .string("word \($0)") })
        let body: Value = ["kind": "vm", "definition": ["vars": ["x": words]]]
        #expect(try await isAnswered(byWorker: target, after: body) == false)
    }

    @Test("that takes its time keeps nobody waiting but who asked for it: writes, small reads, long reads of others")
    func taken() async throws {
        try await Site.with(tree: Trees.lab, people: ["rita"]) { site in
            _ = try await site.patch("/v1/tree/common", ["access": ["readers": ["rita"]]])
            let (gate, readers) = (DispatchSemaphore(value: 0), site.service.parts.readers)
            let explained = Flag()
            try await withThrowingTaskGroup(of: Void.self) { group in
                defer { for _ in 0..<64 { gate.signal() } }
                for _ in 0..<64 { group.addTask { try await readers.run(for: "ana", gate.blocking) } }
                group.addTask {
                    let reply = try await site.get("/v1/explain/so/ana/web?blame")
                    explained.set()
                    #expect(reply.status == 200, "\(reply.text)")
                }
                for _ in 0..<3 {
                    #expect(try await site.patch("/v1/tree/so/common", ["note": "now"]).status == 200)
                    #expect(try await site.unknown.get("/healthz").status == 200)
                    #expect(try await site.get("/hiera/\(Trees.web)").status == 200)
                    #expect(try await site.acting(as: "rita").get("/v1/explain/so/ana/web?blame").status == 200)
                }
                #expect(!explained.isSet)
                for _ in 0..<64 { gate.signal() }
                try await group.waitForAll()
            }
            #expect(explained.isSet)
        }
    }

    @Test("ends, and says what to ask for instead, when it has taken its time")
    func overdue() async throws {
        var options = Service.Options()
        options.longestAnswer = .zero
        try await Site.with(options, tree: Trees.lab) { site in
            var replies: [(String, Reply)] = []
            for target in [
                "/v1/explain/so/ana/web?blame", "/v1/revisions", "/v1/revisions?path=/so/ana/web&machine", "/ansible",
                "/ansible?vars=none", "/ansible/vars", "/v1/tree/?recursive",
                "/v1/tree/?recursive&selector=vars.role=web",
                "/v1/tree/?recursive&selector=state=running", "/v1/audit",
            ] { replies.append((target, try await site.get(target))) }
            let plan: Value = ["patch": "/so/common", "definition": ["note": "then"]]
            replies.append(("the plan", try await site.post("/v1/plan", plan)))
            for (target, reply) in replies {
                #expect(reply.status == 413 && reply.detail.contains("ask for less"), "\(target): \(reply.text)")
            }
            #expect(try await site.get("/v1/explain/so/ana/web").status == 200)
        }
    }

    @Test(
        "is given up when its client hangs up",
        arguments: ["/ansible", "/v1/tree/?recursive", "/v1/explain/so/ana/web?blame", "/v1/audit", "/v1/plan"])
    func hungUp(target: String) async throws {
        try await hangingUp { site async throws in
            let plan: Value = ["patch": "/so/common", "definition": ["note": "then"]]
            let reply = target == "/v1/plan" ? try await site.post(target, plan) : try await site.get(target)
            #expect(reply.status == 499, "\(reply.text)")
        }
    }

    @Test("is no change: one that was asked for is made, though its client has hung up")
    func changed() async throws {
        try await hangingUp { site async throws in
            #expect(try await site.patch("/v1/tree/so/common", ["note": "now"]).status == 200)
        }
    }

    /// Runs `body` with a site that takes each client for gone as soon as it has asked, and answers all the same.
    private func hangingUp(_ body: (Site) async throws -> Void) async throws {
        try await Site.with(tree: Trees.lab) { site in
            let handler = site.service.handler
            try await site.behind {
                handler($0).cancelled
            } body: {
                try await body($0)
            }
        }
    }

    /// Whether the worker that read a request has its answer when the service has been told of it.
    private func isAnswered(byWorker target: String, after body: Value? = nil) async throws -> Bool {
        let isAnswered = Mutex(false)
        try await Site.with(tree: Trees.lab) { site in
            if let body { #expect(try await site.put("/v1/tree/big", body).status == 201) }
            let handler = site.service.handler
            try await site.behind { head in
                let reception = handler(head)
                switch reception {
                case .respond, .send: isAnswered.withLock { $0 = true }
                case .decide, .suspend, .collect: break
                }
                return reception
            } body: { site in
                let reply = try await site.get(target)
                try #require(reply.status == 200, "\(reply.text)")
            }
        }
        return isAnswered.withLock { $0 }
    }
}

/// Whether something has happened yet.
private final class Flag: Sendable {
    private let state = Mutex(false)

    var isSet: Bool { state.withLock { $0 } }

    func set() { state.withLock { $0 = true } }
}

extension Reception {
    /// The same, whose task is cancelled before it begins.
    fileprivate var cancelled: Reception {
        switch self {
        case .respond, .send: self
        case .decide(let decide): .decide { await decide().cancelled }
        case .collect(let limit, let next): .collect(limit: limit) { next($0).cancelled }
        case .suspend(let work):
            .suspend {
                let task = Task {
                    // Until it is cancelled.
                    while !Task.isCancelled { await Task.yield() }
                    return await work()
                }
                task.cancel()
                return await task.value
            }
        }
    }
}
