import HTTP
import Testing

@Suite("Limits")
struct LimitTests {
    private let fine: Handler = { _ in .respond(.text(200, "fine")) }
    private let get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

    /// A request whose line and headers are about `size` bytes, in headers of some 180.
    private func request(size: Int) -> String {
        var text = "GET / HTTP/1.1\r\nHost: x\r\n"
        var number = 0
        while text.utf8.count < size - 200 {
            number += 1
            text += "X-Filler-\(number): " + String(repeating: "f", count: 164) + "\r\n"
        }
        return text + "\r\n"
    }

    @Test("16 KiB of headers are taken, in many headers or in one")
    func atHeadLimit() async throws {
        try await serving(fine) { server in
            let client = try RawClient(server)
            try await client.send(request(size: 16_384))
            #expect(try await client.reply().status == 200)
            let line = "GET / HTTP/1.1\r\nHost: x\r\nX-Long: "
            try await client.send(line + String(repeating: "f", count: 16_380 - line.utf8.count) + "\r\n\r\n")
            #expect(try await client.reply().status == 200)
        }
    }

    @Test("a hundred headers are taken, and one more is not", arguments: [10, 140])
    func count(size: Int) async throws {
        try await serving(fine) { server in
            for (count, status) in [(100, 200), (101, 431)] {
                let client = try RawClient(server)
                let headers = ["Host: x"] + (2...count).map { "X-\($0): " + String(repeating: "f", count: size) }
                try await client.send("GET / HTTP/1.1\r\n\(headers.joined(separator: "\r\n"))\r\n\r\n")
                let reply = try await client.reply()
                #expect(reply.status == status)
                if status == 431 { #expect(reply.body == "the request has too many headers: expected at most 100\n") }
            }
        }
    }

    @Test(
        "headers over the limit are answered 431, and the connection closed",
        arguments: [17_000, 20_000, 40_000, 1_000_000])
    func overHeadLimit(size: Int) async throws {
        try await serving(fine) { server in
            let client = try RawClient(server)
            try await client.send(request(size: size))
            #expect(try await client.receiveAll().hasPrefix("HTTP/1.1 431 "))
            let next = try RawClient(server)
            try await next.send(get)
            #expect(try await next.reply().status == 200)
        }
    }

    @Test("a target that is too long is answered 431 or 414", arguments: [17_000, 100_000])
    func longTarget(size: Int) async throws {
        try await serving(fine) { server in
            let client = try RawClient(server)
            try await client.send("GET /" + String(repeating: "a", count: size) + " HTTP/1.1\r\nHost: x\r\n\r\n")
            let answer = try await client.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 431 ") || answer.hasPrefix("HTTP/1.1 414 "))
        }
    }

    @Test(
        "connections over the limit are answered 503 with Retry-After; when others end, new ones are served",
        .timeLimit(.minutes(1)))
    func connections() async throws {
        try await serving(fine, configuration { $0.connections = 4 }) { server in
            var clients = try (0..<4).map { _ in try RawClient(server) }
            for client in clients {
                try await client.send(get)
                #expect(try await client.reply().status == 200)
            }
            let fifth = try RawClient(server)
            try await fifth.send(get)
            let answer = try await fifth.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 503 "))
            #expect(answer.contains("Retry-After: 5\r\n"))
            #expect(answer.hasSuffix("more than 4 connections are open\n"))
            for client in clients {
                try await client.send(get)
                #expect(try await client.reply().status == 200)
            }
            clients = []
            var status = 0
            while status != 200 {
                let client = try RawClient(server)
                try await client.send(get)
                status = try await client.reply().status
            }
        }
    }

    @Test("what is urgent is answered on connections over the limit as well, once on each")
    func urgent() async throws {
        let limits = configuration { configuration in
            configuration.connections = 1
            configuration.urgent = ["/healthz"]
        }
        try await serving(fine, limits) { server in
            let first = try RawClient(server)
            try await first.send(get)
            #expect(try await first.reply().status == 200)
            for (target, status) in [("/healthz", 200), ("/healthz?x=1", 200), ("/healthz/x", 503), ("/", 503)] {
                let other = try RawClient(server)
                try await other.send("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n")
                let answer = try await other.receiveAll()
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(target): \(answer)")
                #expect(answer.contains("Connection: close\r\n"), "\(target): \(answer)")
            }
        }
    }

    @Test("connections over the limit of one address are closed")
    func connectionsPerAddress() async throws {
        try await serving(fine, configuration { $0.connectionsPerAddress = 2 }) { server in
            let clients = try (0..<2).map { _ in try RawClient(server) }
            for client in clients {
                try await client.send(get)
                #expect(try await client.reply().status == 200)
            }
            let third = try RawClient(server)
            try await third.send(get)
            #expect(try await third.receiveAll() == "")
        }
    }

    @Test("a connection that says nothing, or stops in the middle, is closed after the idle time")
    func idle() async throws {
        try await serving(
            { _ in .collect(limit: nil) { _ in .respond(.text(200, "")) } }, configuration { $0.idleTimeout = 1 }
        ) { server in
            for text in ["", "GET / HTTP/1.1\r\nHo", "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"] {
                let client = try RawClient(server)
                try await client.send(text)
                #expect(try await client.receiveAll() == "")
            }
        }
    }

    @Test("a slow client is served, a byte at a time")
    func slow() async throws {
        try await serving(fine) { server in
            let client = try RawClient(server)
            for byte in get.utf8 {
                try await client.send([byte])
                try await Task.sleep(for: .milliseconds(2))
            }
            #expect(try await client.reply().body == "fine\n")
        }
    }

    @Test("a head that comes a byte at a time, never idle and never at its end, is ended after twice the idle time")
    func trickle() async throws {
        try await serving(fine, configuration { $0.idleTimeout = 1 }) { server in
            let client = try RawClient(server)
            // The answer to a first request, so that the second one's time is counted anew.
            try await client.send(get)
            #expect(try await client.reply().status == 200)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            let sending = Task {
                for _ in 0..<300 {
                    try await client.send("x")
                    try await Task.sleep(for: .milliseconds(50))
                }
                Issue.record("the connection took bytes for 15 seconds")
            }
            #expect(try await client.receiveAll() == "")
            sending.cancel()
            _ = try? await sending.value
        }
    }

    @Test(
        "a body that comes more slowly than it may, never idle and never at its end, is ended; one that is fast enough is not",
        arguments: ["Content-Length: 20000", "Transfer-Encoding: chunked"])
    func trickleOfBody(framing: String) async throws {
        let handler: Handler = { _ in .collect(limit: nil) { .respond(.text(200, "\($0.count)")) } }
        let brief = configuration {
            $0.idleTimeout = 3
            $0.bodyRate = 100
        }
        try await serving(handler, brief) { server in
            let head = "PUT / HTTP/1.1\r\nHost: x\r\n\(framing)\r\n\r\n"
            let isChunked = framing.hasSuffix("chunked")
            // One byte, and 200, thirteen times a second.
            for size in [1, 200] {
                let client = try RawClient(server)
                try await client.send(head)
                let part = String(repeating: "x", count: size)
                let piece = isChunked ? "\(String(size, radix: 16))\r\n\(part)\r\n" : part
                async let sent: Void = client.sendSteadily(
                    piece, times: size == 1 ? 400 : 100, every: 75, end: isChunked ? "0\r\n\r\n" : "")
                if size == 1 {
                    #expect(try await client.receiveAll() == "")
                } else {
                    #expect(try await client.reply().body == "20000\n")
                }
                await sent
            }
        }
    }

    @Test("a client that has said all it will say is answered")
    func halfClosed() async throws {
        try await serving(fine, configuration { $0.idleTimeout = 1 }) { server in
            let client = try RawClient(server)
            try await client.send(get)
            client.halfClose()
            #expect(try await client.receiveAll().hasSuffix("fine\n"))
        }
    }
}
