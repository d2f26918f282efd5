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
                for _ in 0..<64 {
                    group.addTask { try await readers.run(for: "ana") { () throws(ServiceError) in gate.wait() } }
                }
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
            for target in ["/v1/explain/so/ana/web?blame", "/v1/revisions", "/v1/revisions?path=/so/ana/web&machine"] {
                let reply = try await site.get(target)
                #expect(reply.status == 413 && reply.detail.contains("ask for less"), "\(target): \(reply.text)")
            }
            #expect(try await site.get("/v1/explain/so/ana/web").status == 200)
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
