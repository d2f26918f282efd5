import HTTP
import Testing

@Suite("Suspended answers")
struct SuspensionTests {
    /// `/wait` waits for the gate, anything else is answered at once.
    private func handler(_ gate: Gate) -> Handler {
        { head in
            guard head.path == "/wait" else { return .respond(.text(200, "at once")) }
            return .suspend {
                await gate.pass()
                return .text(200, "waited")
            }
        }
    }
    private let oneThread = configuration { $0.threads = 1 }
    private let wait = "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n"
    private let get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

    @Test("an answer that waits leaves its worker to others")
    func worker() async throws {
        let gate = Gate()
        try await serving(handler(gate), oneThread) { server in
            let waiting = try (0..<20).map { _ in try RawClient(server) }
            for client in waiting { try await client.send(wait) }
            #expect(try await eventually { gate.waiting == 20 })
            let other = try RawClient(server)
            try await other.send(get)
            #expect(try await other.reply().body == "at once\n")
            gate.open()
            for client in waiting { #expect(try await client.reply().body == "waited\n") }
        }
    }

    @Test("a client that goes away while its answer is waited for disturbs nobody")
    func disconnect() async throws {
        let gate = Gate()
        try await serving(handler(gate), oneThread) { server in
            var leaving: [RawClient] = try (0..<20).map { _ in try RawClient(server) }
            for client in leaving { try await client.send(wait) }
            let staying = try RawClient(server)
            try await staying.send(wait)
            #expect(try await eventually { gate.waiting == 21 })
            for client in leaving.prefix(10) { client.abort() }
            leaving = []
            gate.open()
            #expect(try await staying.reply().body == "waited\n")
            #expect(try await eventually { gate.passed == 21 })
            try await staying.send(get)
            #expect(try await staying.reply().body == "at once\n")
        }
    }

    @Test("a client that has said all it will say still gets its answer")
    func halfClosed() async throws {
        let gate = Gate()
        try await serving(handler(gate), configuration { $0.idleTimeout = 1 }) { server in
            let client = try RawClient(server)
            try await client.send(wait)
            client.halfClose()
            #expect(try await eventually { gate.waiting == 1 })
            gate.open()
            #expect(try await client.receiveAll().hasSuffix("waited\n"))
        }
    }

    @Test("the work for a client that goes away is cancelled: with a reset, or by closing its side and not being there")
    func goneAway() async throws {
        let hold = Hold()
        try await serving(hold.handler) { server in
            let aborting = try RawClient(server)
            var closing: RawClient? = try RawClient(server)
            for client in [aborting, closing].compactMap(\.self) { try await client.send(wait) }
            #expect(try await eventually { hold.working == 2 })
            aborting.abort()
            closing = nil
            #expect(try await eventually { hold.cancelled == 2 })
        }
    }

    @Test(
        "the work for a client that only closes its side goes on: it is sent a word that it passes over, and its answer"
    )
    func onlyHalfClosed() async throws {
        let hold = Hold()
        try await serving(hold.handler) { server in
            let client = try RawClient(server)
            try await client.send(wait)
            #expect(try await eventually { hold.working == 1 })
            client.halfClose()
            let word = "HTTP/1.1 100 Continue\r\n\r\n"
            #expect(try await client.receive(through: word) == word)
            // What the client's system says of that is heard by now, were there anything to hear.
            try await Task.sleep(for: .milliseconds(2_500))
            #expect(hold.cancelled == 0)
            hold.end()
            #expect(try await client.reply().status == 200)
        }
    }

    @Test("the wait for an answer is not idleness")
    func notIdle() async throws {
        let gate = Gate()
        try await serving(handler(gate), configuration { $0.idleTimeout = 1 }) { server in
            let client = try RawClient(server)
            try await client.send(wait)
            try await Task.sleep(for: .milliseconds(2_500))
            gate.open()
            #expect(try await client.reply().body == "waited\n")
        }
    }

    @Test("a server that stops answers those that wait with 503, and their tasks end without effect")
    func stop() async throws {
        let gate = Gate()
        let server = try Server(configuration { $0.stopTimeout = 0 }, log: quiet, handler: handler(gate))
        let clients = try (0..<20).map { _ in try RawClient(server) }
        for client in clients { try await client.send(wait) }
        #expect(try await eventually { gate.waiting == 20 })
        server.stop()
        for client in clients {
            let answer = try await client.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 503 "))
            #expect(answer.contains("Retry-After: "))
            #expect(answer.hasSuffix("the server is stopping\n"))
        }
        gate.open()
        #expect(try await eventually { gate.passed == 20 })
    }

    @Test("a server that stops lets those end that can", .timeLimit(.minutes(1)))
    func drain() async throws {
        let gate = Gate()
        let server = try Server(configuration { $0.stopTimeout = 20 }, log: quiet, handler: handler(gate))
        let client = try RawClient(server)
        try await client.send(wait)
        #expect(try await eventually { gate.waiting == 1 })
        async let stopped: Void = Task.detached { server.stop() }.value
        let late = try RawClient(server)
        var refused = ""
        // Until the server knows that it is to stop, it answers as ever.
        while !refused.hasPrefix("HTTP/1.1 503 ") {
            try await late.send(get)
            refused = String(decoding: try await late.receive(), as: UTF8.self)
            try #require(!refused.isEmpty, "closed without an answer")
        }
        #expect(refused.contains("Connection: close"))
        gate.open()
        #expect(try await client.reply().body == "waited\n")
        await stopped
    }
}
