import Glibc
import HTTP
import Synchronization
import Testing

@Suite("Answers that are sent part by part")
struct FlowTests {
    private let oneThread = configuration { $0.threads = 1 }
    private let flow = "GET /flow HTTP/1.1\r\nHost: x\r\n\r\n"
    private let get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

    /// `/flow` is answered with what the producer sends, anything else at once.
    private func handler(_ producer: @escaping Flow.Producer) -> Handler {
        { head in
            guard head.path == "/flow" else { return .respond(.text(200, "at once")) }
            return .respond(Response(headers: [("Content-Type", "text/event-stream")], flow: producer))
        }
    }

    @Test("each part arrives when it is sent, and the connection goes on after the last")
    func parts() async throws {
        let gate = Gate()
        let handler = handler { flow in
            _ = await flow.send(Array("first".utf8))
            await gate.pass()
            _ = await flow.send(Array("second".utf8))
        }
        try await serving(handler, oneThread) { server in
            let client = try RawClient(server)
            try await client.send(flow)
            let head = try await client.receive(through: "first\r\n")
            #expect(head.hasPrefix("HTTP/1.1 200 "))
            #expect(head.contains("\r\nContent-Type: text/event-stream\r\n"))
            #expect(head.contains("\r\nTransfer-Encoding: chunked\r\n"))
            gate.open()
            #expect(try await client.receive(through: "0\r\n\r\n") == "6\r\nsecond\r\n0\r\n\r\n")
            try await client.send(get)
            #expect(try await client.reply().body == "at once\n")
        }
    }

    @Test("HEAD gets the head alone, and a client that does not know chunks the parts until the connection closes")
    func withoutChunks() async throws {
        let handler = handler { flow in
            for part in ["one ", "two"] where await !flow.send(Array(part.utf8)) { return }
        }
        try await serving(handler) { server in
            let old = try RawClient(server)
            try await old.send("GET /flow HTTP/1.0\r\n\r\n")
            #expect(try await old.receiveAll().hasSuffix("\r\n\r\none two"))
            let head = try RawClient(server)
            try await head.send("HEAD /flow HTTP/1.1\r\nHost: x\r\n\r\n")
            let answer = try await head.receiveAll()
            #expect(answer.contains("\r\nContent-Type: text/event-stream\r\n") && answer.hasSuffix("\r\n\r\n"))
            #expect(!answer.contains("Content-Length") && !answer.contains("chunked"))
        }
    }

    @Test("a reader that is slow holds its producer back, and misses nothing")
    func slowReader() async throws {
        let sent = Atomic(0)
        let part = [UInt8](repeating: UInt8(ascii: "~"), count: 64 << 10)
        let parts = 512
        let handler = handler { flow in
            for _ in 0..<parts {
                guard await flow.send(part) else { return }
                sent.add(1, ordering: .relaxed)
            }
        }
        try await serving(handler, oneThread) { server in
            let slow = try RawClient(server)
            try await slow.send(flow)
            // What the system keeps for both ends of a connection has an end: the producer comes to rest.
            var last = -1
            while case let now = sent.load(ordering: .relaxed), now != last || now == 0 {
                last = now
                try await Task.sleep(for: .milliseconds(300))
            }
            #expect(last < parts)
            let other = try RawClient(server)
            try await other.send(get)
            #expect(try await other.reply().body == "at once\n")
            let all = try await slow.receive(through: "0\r\n\r\n")
            #expect(all.utf8.count { $0 == UInt8(ascii: "~") } == parts * part.count)
            #expect(sent.load(ordering: .relaxed) == parts)
        }
    }

    @Test("a reader that takes nothing for too long is cut off, and its producer told")
    func stuckReader() async throws {
        let isOver = Atomic(false)
        let handler = handler { flow in
            while await flow.send([UInt8](repeating: 1, count: 64 << 10)) {}
            isOver.store(true, ordering: .relaxed)
        }
        try await serving(handler, configuration { $0.idleTimeout = 1 }) { server in
            let stuck = try RawClient(server)
            try await stuck.send(flow)
            #expect(try await eventually { isOver.load(ordering: .relaxed) })
            _ = try await stuck.receiveAll()
        }
    }

    @Test("a reader that goes away ends its producer, and disturbs nobody")
    func leaving() async throws {
        let begun = Atomic(0)
        let over = Atomic(0)
        let handler = handler { flow in
            begun.add(1, ordering: .relaxed)
            while await flow.send(Array(":\n".utf8)) { try? await Task.sleep(for: .milliseconds(20)) }
            over.add(1, ordering: .relaxed)
        }
        try await serving(handler, oneThread) { server in
            var leaving: [RawClient] = try (0..<20).map { _ in try RawClient(server) }
            for client in leaving { try await client.send(flow) }
            #expect(try await eventually { begun.load(ordering: .relaxed) == 20 })
            for client in leaving.prefix(10) { client.abort() }
            leaving = []
            #expect(try await eventually { over.load(ordering: .relaxed) == 20 })
            let staying = try RawClient(server)
            try await staying.send(get)
            #expect(try await staying.reply().body == "at once\n")
        }
    }

    @Test("a thousand that wait hold no thread, and each gets what is sent when it is", .timeLimit(.minutes(10)))
    func thousand() async throws {
        let gate = Gate()
        let handler = handler { flow in
            await gate.pass()
            _ = await flow.send(Array("news".utf8))
        }
        try await serving(handler, oneThread) { server in
            let clients = try (0..<1_000).map { _ in try RawClient(server) }
            for client in clients { try await client.send(flow) }
            #expect(try await eventually { gate.waiting == 1_000 })
            // Whatever other tests have started meanwhile.
            #expect(try threads() < 1_000)
            let other = try RawClient(server)
            try await other.send(get)
            #expect(try await other.reply().body == "at once\n")
            gate.open()
            for client in clients {
                #expect(try await client.receive(through: "0\r\n\r\n").hasSuffix("\r\n4\r\nnews\r\n0\r\n\r\n"))
            }
        }
    }

    @Test("a server that stops ends them at once, whatever time it gives to requests", .timeLimit(.minutes(1)))
    func stop() async throws {
        let begun = Atomic(0)
        let over = Atomic(0)
        let handler = handler { flow in
            begun.add(1, ordering: .relaxed)
            if await flow.send(Array("first".utf8)) { try? await Task.sleep(for: .seconds(3_600)) }
            over.add(1, ordering: .relaxed)
        }
        let server = try Server(configuration { $0.stopTimeout = 3_600 }, log: quiet, handler: handler)
        let clients = try (0..<20).map { _ in try RawClient(server) }
        for client in clients { try await client.send(flow) }
        #expect(try await eventually { begun.load(ordering: .relaxed) == 20 })
        await Task.detached { server.stop() }.value
        for client in clients { #expect(try await client.receiveAll().hasSuffix("5\r\nfirst\r\n0\r\n\r\n")) }
        #expect(try await eventually { over.load(ordering: .relaxed) == 20 })
    }

    @Test("a reader that takes nothing does not hold up the end of the server", .timeLimit(.minutes(1)))
    func stopWhileStuck() async throws {
        let begun = Atomic(false)
        let handler = handler { flow in
            begun.store(true, ordering: .relaxed)
            while await flow.send([UInt8](repeating: 1, count: 64 << 10)) {}
        }
        let server = try Server(configuration { $0.stopTimeout = 3_600 }, log: quiet, handler: handler)
        let stuck = try RawClient(server)
        try await stuck.send(flow)
        #expect(try await eventually { begun.load(ordering: .relaxed) })
        await Task.detached { server.stop() }.value
        _ = try await stuck.receiveAll()
    }

    /// How many threads this process has (proc_pid_status(5)).
    private func threads() throws -> Int {
        let file = try #require(fopen("/proc/self/status", "r"))
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), file) != nil {
            let words = line.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
                .split(whereSeparator: \.isWhitespace)
            if words.first == "Threads:" { return words.last.flatMap { Int($0) } ?? 0 }
        }
        return 0
    }
}
