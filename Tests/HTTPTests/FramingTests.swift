import HTTP
import Testing

@Suite("Framing")
struct FramingTests {
    /// libmicrohttpd may notice the end of what a client says only when the idle time is over.
    private let brief = configuration { $0.idleTimeout = 1 }

    /// What comes back for bytes that hold one doubtful request, and behind it one that must not be seen.
    private func answer(to head: String) async throws -> String {
        let handler: Handler = { head in
            head.method == .get
                ? .respond(.text(200, head.path)) : .collect(limit: nil) { .respond(.text(200, "\($0.count)")) }
        }
        return try await serving(handler, brief) { server in
            let client = try RawClient(server)
            try await client.send(head + "\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n")
            client.halfClose()
            return try await client.receiveAll()
        }
    }

    @Test(
        "a request whose body could end in two places is refused, and what follows it is not read",
        arguments: [
            ("Content-Length: 5\r\nTransfer-Encoding: chunked", 400),
            ("Transfer-Encoding: chunked\r\nContent-Length: 5", 400),
            ("Content-Length: 5\r\nContent-Length: 6", 400),
            ("Content-Length: 5\r\nContent-Length: 5", 400),
            ("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", 400),
            ("Content-Length : 5", 400),
            ("Transfer-Encoding : chunked", 400),
            ("Content-Length: 5, 5", 400),
            ("Content-Length: +5", 400),
            ("Content-Length: -5", 400),
            ("Content-Length: 0x5", 400),
            ("Content-Length:", 400),
            ("Content-Length: 5\u{0}", 400),
            ("Content-Length: 5\u{0}6", 400),
            ("Transfer-Encoding: chunked\u{0}", 400),
            ("Content-Length:\r\n 5", 400),
            ("Content-Length: 5\r\n\t1", 400),
            ("Transfer-Encoding:\r\n chunked", 400),
            ("X-Folded: 1\r\n Content-Length: 5", 400),
            ("X-Folded: 1\r\n folded", 400),
            ("X-Bare: 1\nContent-Length: 5", 400),
            ("X-Bare: 1\rContent-Length: 5", 400),
            ("X-NUL: 1\u{0}2", 400),
            ("Transfer-Encoding: gzip, chunked", 501),
            ("Transfer-Encoding: gzip", 400),
            ("Transfer-Encoding: chunked, gzip", 400),
            ("Transfer-Encoding: chunked, chunked", 400),
            ("Transfer-Encoding: xchunked", 400),
            ("Transfer-Encoding: chunked ", 501),
            ("Transfer-Encoding: \u{0b}chunked", 400),
        ])
    func smuggling(header: String, status: Int) async throws {
        for method in ["GET", "POST"] {
            let answer = try await answer(to: "\(method) / HTTP/1.1\r\nHost: x\r\n\(header)")
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(method)")
            #expect(answer.contains("Connection: close\r\n"), "\(method)")
            #expect(!answer.contains("smuggled"), "\(method)")
            #expect(answer.split(separator: "HTTP/1.1 ").count == 1, "\(method): \(answer)")
        }
    }

    @Test("chunks belong to HTTP/1.1")
    func oldVersion() async throws {
        let answer = try await answer(
            to: "POST / HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked")
        #expect(answer.contains(" 400 "))
        #expect(!answer.contains("smuggled"))
    }

    @Test("a chunk whose size is no number is refused", arguments: ["zz", "-1", "", "fffffffffffffffff", "1\u{0}"])
    func badChunk(size: String) async throws {
        let handler: Handler = { _ in .collect(limit: nil) { .respond(.text(200, "\($0.count)")) } }
        try await serving(handler) { server in
            let client = try RawClient(server)
            try await client.send(
                "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\(size)\r\nabc\r\n0\r\n\r\n")
            let answer = try await client.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 4"))
        }
    }

    @Test("HTTP/1.1 without Host is answered 400 (RFC 9112 §3.2)")
    func withoutHost() async throws {
        let answer = try await answer(to: "GET / HTTP/1.1")
        #expect(answer.hasPrefix("HTTP/1.1 400 "))
        #expect(!answer.contains("smuggled"))
    }

    @Test(
        "what is no request at all ends the connection, and the server goes on",
        arguments: [
            "\u{16}\u{3}\u{1}\u{2}\u{0}", "GET", "GET /", "GET / HTTP/9.9\r\nHost: x", "\r\n\r\n\r\n", "\u{0}\u{0}",
            "GET /\u{0}x HTTP/1.1\r\nHost: x", "GET / HTTP/1.1\r\nHost: x\r\nno colon here",
            "GET  /  HTTP/1.1 \r\nHost: x",
            "GET / HTTP/1.1\r\n : \r\nHost: x", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 18446744073709551616",
        ])
    func garbage(text: String) async throws {
        try await serving({ _ in .respond(.text(200, "fine")) }, brief) { server in
            let client = try RawClient(server)
            try await client.send(text + "\r\n\r\n")
            client.halfClose()
            _ = try await client.receiveAll()
            let next = try RawClient(server)
            try await next.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await next.reply().body == "fine\n")
        }
    }
}
