import HTTP
import Testing

@Suite("Bodies of requests")
struct BodyTests {
    /// Answers a PUT with its body's size and last byte, anything else without reading.
    private let sized: Handler = { head in
        guard head.method == .put else { return .respond(.text(200, "unread")) }
        return .collect(limit: head.query("limit").flatMap { Int($0) }) { bytes in
            .respond(.text(200, "\(bytes.count) \(bytes.last ?? 0)"))
        }
    }
    private let small = configuration { $0.bodyLimit = 1_000 }

    @Test("a body is collected whole, in one piece or in many")
    func collect() async throws {
        try await serving(sized) { server in
            let client = try RawClient(server)
            try await client.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
            #expect(try await client.reply().body == "3 99\n")
            try await client.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na")
            for part in ["b", "c"] {
                try await Task.sleep(for: .milliseconds(10))
                try await client.send(part)
            }
            #expect(try await client.reply().body == "3 99\n")
            try await client.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n")
            try await client.send([UInt8](repeating: 7, count: 2_000_000))
            #expect(try await client.reply().body == "2000000 7\n")
            try await client.send("PUT / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.reply().body == "0 0\n")
        }
    }

    @Test("a chunked body is collected, and the connection closed, so that nothing after it is taken for a request")
    func chunked() async throws {
        let suspended: Handler = { _ in
            .collect(limit: nil) { bytes in .suspend { .text(200, "\(bytes.count) \(bytes.last ?? 0)") } }
        }
        for handler in [sized, suspended] {
            try await serving(handler) { server in
                // The last chunk as it has to be, and as a proxy may read it otherwise than libmicrohttpd.
                for end in ["0\r\n\r\n", "0\n\r\n", "0;\n\n"] {
                    let client = try RawClient(server)
                    try await client.send(
                        "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n"
                            + end + "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                    let answer = try await client.receiveAll()
                    #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.contains("\r\nConnection: close\r\n"))
                    #expect(answer.hasSuffix("\r\n\r\n5 101\n"), "\(answer)")
                }
            }
        }
    }

    @Test("a body that would have to be decoded is answered 415, and one of no coding taken (RFC 9110 §8.4)")
    func coded() async throws {
        try await serving(sized) { server in
            let client = try RawClient(server)
            for (coding, status) in [
                ("gzip", 415), ("identity", 200), ("br", 415), ("Identity", 200), ("identity, gzip", 415),
                ("identity\r\nContent-Encoding: gzip", 415), ("", 415),
            ] {
                try await client.send(
                    "PUT / HTTP/1.1\r\nHost: x\r\nContent-Encoding: \(coding)\r\nContent-Length: 3\r\n\r\nabc")
                let reply = try await client.reply()
                #expect(reply.status == status, "\(coding)")
                if status == 415 { #expect(reply.header("Accept-Encoding") == "identity") }
            }
        }
    }

    @Test("an expectation of anything but 100-continue is answered 417 (RFC 9110 §10.1.1)")
    func expectsMore() async throws {
        try await serving(sized) { server in
            for expectation in ["101-switch", "100-continue, x", "100-continue\r\nExpect: x"] {
                let client = try RawClient(server)
                try await client.send(
                    "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: \(expectation)\r\n\r\nabc")
                #expect(try await client.reply().status == 417, "\(expectation)")
            }
        }
    }

    @Test("a body of exactly the limit is taken")
    func atLimit() async throws {
        try await serving(sized, small) { server in
            let client = try RawClient(server)
            let body = String(repeating: "x", count: 1_000)
            try await client.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + body)
            #expect(try await client.reply().body == "1000 120\n")
            try await client.send(
                "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n\(body)\r\n0\r\n\r\n")
            #expect(try await client.reply().body == "1000 120\n")
        }
    }

    @Test("a body announced over the limit is answered 413 before it is sent, and the connection closed")
    func announced() async throws {
        try await serving(sized, small) { server in
            for length in ["1001", "99999999999999999", "9223372036854775808", "99999999999999999999999"] {
                let client = try RawClient(server)
                try await client.send(
                    "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: \(length)\r\nExpect: 100-continue\r\n\r\n")
                let answer = try await client.receiveAll()
                #expect(answer.hasPrefix("HTTP/1.1 413 "), "\(length)")
                #expect(!answer.contains("100 Continue"))
            }
        }
    }

    @Test("a route's own limit holds, lower or higher")
    func ownLimit() async throws {
        try await serving(sized, small) { server in
            let client = try RawClient(server)
            try await client.send(
                "PUT /?limit=5000 HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n"
                    + String(repeating: "x", count: 1_001))
            #expect(try await client.reply().body == "1001 120\n")
            try await client.send("PUT /?limit=2 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
            let reply = try await client.reply()
            #expect(reply.status == 413)
            #expect(reply.body == "the body is too large: expected at most 2 bytes\n")
        }
    }

    @Test("a chunked body over the limit is answered 413")
    func chunkedOver() async throws {
        try await serving(sized, small) { server in
            let client = try RawClient(server)
            let chunk = "200\r\n" + String(repeating: "x", count: 512) + "\r\n"
            try await client.send(
                "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + chunk + chunk + "0\r\n\r\n")
            #expect(try await client.reply().status == 413)
        }
    }

    @Test("a chunked body without end is answered 413 in the middle, and the connection closed")
    func endless() async throws {
        try await serving(sized, small) { server in
            let client = try RawClient(server)
            try await client.send("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in 0..<20 { try await client.send("200\r\n" + String(repeating: "x", count: 512) + "\r\n") }
            let answer = try await client.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 413 ") && answer.contains("\r\nConnection: close\r\n"), "\(answer)")
            #expect(answer.hasSuffix("\r\n\r\nthe body is too large: expected at most 1000 bytes\n"), "\(answer)")
        }
    }

    @Test("a small body that nobody asked for is read past, and the connection kept")
    func unasked() async throws {
        try await serving(sized) { server in
            let client = try RawClient(server)
            try await client.send(
                "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nGET /GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.replies(2).map(\.body) == ["unread\n", "unread\n"])
        }
    }

    @Test(
        "a body that nobody asked for, large or of unknown length, closes the connection, so that nothing in it is taken for a request",
        arguments: ["Content-Length: 100000", "Transfer-Encoding: chunked"])
    func unaskedLarge(framing: String) async throws {
        try await serving(sized) { server in
            let client = try RawClient(server)
            try await client.send(
                "GET / HTTP/1.1\r\nHost: x\r\n\(framing)\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n")
            let answer = try await client.receiveAll()
            #expect(answer.split(separator: "HTTP/1.1 ").count == 1)
            #expect(answer.contains("Connection: close\r\n"))
        }
    }

    @Test("a client that writes all of its request before it reads sees why it was refused")
    func writesFirst() async throws {
        let size = 8 << 20
        let body = [UInt8](repeating: 120, count: size)
        try await serving(sized, small) { server in
            for (head, status) in [
                ("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: \(size)", 413),
                ("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n800000", 413),
                ("PUT / HTTP/1.1\r\nContent-Length: \(size)", 400),
                ("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: x", 400),
                ("PUT / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: \(size)", 415),
                ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(size)", 200),
            ] {
                let client = try RawClient(server)
                try await client.send(head + (head.hasSuffix("800000") ? "\r\n" : "\r\n\r\n"))
                #expect(try await client.sendsAll(body), "\(head)")
                let answer = try await client.receiveAll()
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(head): \(answer)")
            }
        }
    }

    @Test("a client that expects 100 gets it before it sends its body")
    func expects() async throws {
        try await serving(sized) { server in
            let client = try RawClient(server)
            try await client.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
            #expect(try await client.reply().status == 100)
            try await client.send("abc")
            #expect(try await client.reply().body == "3 99\n")
        }
    }

    @Test("an answer that waits can follow a body")
    func collectThenSuspend() async throws {
        let handler: Handler = { _ in
            .collect(limit: nil) { bytes in .suspend { .text(200, String(decoding: bytes, as: UTF8.self)) } }
        }
        try await serving(handler) { server in
            let client = try RawClient(server)
            for text in ["one", "two"] {
                try await client.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n\(text)")
                #expect(try await client.reply().body == text + "\n")
            }
        }
    }
}
