import HTTP
import Synchronization
import Testing
import Tree

@testable import Service

@Suite("An answer about many machines")
struct AsideTests {
    private static let lists = [
        "/ansible", "/ansible?vars=none", "/ansible/vars", "/v1/tree/?recursive", "/v1/problems",
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

    /// Whether the worker that read a request has its answer when the service has been told of it.
    private func isAnswered(byWorker target: String) async throws -> Bool {
        let isAnswered = Mutex(false)
        try await Site.with(tree: Trees.lab) { site in
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
