import Testing

@testable import HTTP

@Suite("Answers")
struct AnswerTests {
    private let hello: Handler = { head in
        .respond(
            Response(headers: [("Content-Type", "text/plain"), ("ETag", "\"1\"")], body: Body("hello \(head.path)")))
    }

    @Test("a GET is answered with status, headers and body")
    func get() async throws {
        try await serving(hello) { server in
            let client = try RawClient(server)
            try await client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
            let reply = try await client.reply()
            #expect(reply.status == 200)
            #expect(reply.header("Content-Type") == "text/plain")
            #expect(reply.header("ETag") == "\"1\"")
            #expect(reply.header("Content-Length") == "8")
            #expect(reply.body == "hello /a")
        }
    }

    @Test("an answer is kept by no cache but one that asks again, is run by no browser, and may say otherwise itself")
    func safeguards() async throws {
        let own = "Cache-Control"
        let handler: Handler = { head in
            let headers = head.query("own").map { [(own.lowercased(), $0)] } ?? [("ETag", "\"1\"")]
            return .respond(Response(headers: head.path == "/bare" ? [] : headers, body: Body("x")))
        }
        try await serving(handler) { server in
            for (target, caching) in [("/bare", "no-store"), ("/", "private, no-cache"), ("/?own=public", "public")] {
                let client = try RawClient(server)
                try await client.send("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n")
                let reply = try await client.reply()
                #expect(reply.header(own) == caching, "\(target)")
                #expect(reply.header("X-Content-Type-Options") == "nosniff", "\(target)")
                #expect(reply.header("Content-Security-Policy") == "default-src 'none'; frame-ancestors 'none'")
                #expect(reply.header("Referrer-Policy") == "no-referrer", "\(target)")
            }
        }
    }

    @Test("who is told that he has an answer keeps the safeguards that it came with")
    func unchanged() async throws {
        try await serving({ _ in .respond(Response(status: 304, headers: [("ETag", "\"1\"")])) }) { server in
            let client = try RawClient(server)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            let names = try await client.reply().lines.map { $0.prefix { $0 != ":" } }
            #expect(Set(names) == ["Date", "ETag", "Cache-Control", "Content-Length"])
        }
    }

    @Test("HEAD has the length of GET's body, and no body")
    func head() async throws {
        try await serving(hello) { server in
            let client = try RawClient(server)
            try await client.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n")
            let reply = try await client.reply(toHead: true)
            #expect(reply.status == 200)
            #expect(reply.header("Content-Length") == "8")
            try await client.send("HEAD /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            let rest = try await client.receiveAll()
            #expect(rest.hasPrefix("HTTP/1.1 200") && rest.hasSuffix("\r\n\r\n"))
        }
    }

    @Test("204 and 304 have no body, whatever the handler gave", arguments: [204, 304])
    func withoutBody(status: Int) async throws {
        try await serving({ _ in .respond(Response(status: status, body: Body("not to be seen"))) }) { server in
            let client = try RawClient(server)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            let all = try await client.receiveAll()
            #expect(!all.contains("not to be seen"))
            #expect(all.split(separator: "HTTP/1.1 \(status)").count == 2)
        }
    }

    @Test("a connection is kept for further requests, and pipelined ones are answered in order")
    func pipelining() async throws {
        try await serving({ $0.path == "/slow" ? .suspend { .text(200, "slow") } : .respond(.text(200, $0.path)) }) {
            server in
            let client = try RawClient(server)
            let paths = ["/1", "/slow", "/2", "/3", "/slow", "/4"]
            try await client.send(paths.map { "GET \($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined())
            let replies = try await client.replies(paths.count)
            #expect(replies.map(\.body) == ["/1\n", "slow\n", "/2\n", "/3\n", "slow\n", "/4\n"])
            try await client.send("GET /5 HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.reply().body == "/5\n")
        }
    }

    @Test("no text in a header's value can begin another header or another answer")
    func splitting() async throws {
        let evil = "a\r\nSet-Cookie: stolen=1\r\n\r\nHTTP/1.1 200 OK\r\n\r\n<script>\u{0}\u{1b}"
        let handler: Handler = { head in
            .respond(Response(headers: [("X-Echo", evil), ("X-Query", head.query("q") ?? ""), ("X-After", "here")]))
        }
        try await serving(handler) { server in
            let client = try RawClient(server)
            try await client.send("GET /?q=b%0D%0ASet-Cookie:%20stolen=2 HTTP/1.1\r\nHost: x\r\n\r\n")
            let reply = try await client.reply()
            #expect(reply.header("X-Echo") == "a  Set-Cookie: stolen=1    HTTP/1.1 200 OK    <script>  ")
            #expect(reply.header("X-Query") == "b  Set-Cookie: stolen=2")
            #expect(reply.header("Set-Cookie") == nil)
            #expect(reply.header("X-After") == "here")
        }
    }

    @Test("a header whose name is no token, or whose value is empty, is left out and the others are sent")
    func badHeaders() async throws {
        let headers = [
            ("X Bad", "1"), ("X-Bad\r\nX-Worse", "2"), ("X:Bad", "3"), ("", "4"), ("X-Empty", ""), ("X-Good", "5"),
        ]
        let named = headers.map { (name: $0.0, value: $0.1) }
        try await serving({ _ in .respond(Response(headers: named)) }) { server in
            let client = try RawClient(server)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            let reply = try await client.reply()
            #expect(reply.lines.filter { $0.hasPrefix("X") } == ["X-Good: 5", "X-Content-Type-Options: nosniff"])
        }
    }

    @Test("a handler's status that is none becomes 500", arguments: [0, 100, 199, 600, -1, Int.max])
    func badStatus(status: Int) async throws {
        try await serving({ _ in .respond(Response(status: status)) }) { server in
            let client = try RawClient(server)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.reply().status == 500)
        }
    }

    @Test("a body of many megabytes arrives whole at a slow reader")
    func large() async throws {
        let body = Body([UInt8](repeating: UInt8(ascii: "z"), count: 8 << 20))
        try await serving({ _ in .respond(Response(body: body)) }) { server in
            let client = try RawClient(server)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            try await Task.sleep(for: .milliseconds(50))
            let all = try await client.receiveAll()
            #expect(all.utf8.count(where: { $0 == UInt8(ascii: "z") }) == 8 << 20)
        }
    }

    @Test("one body is sent with whatever headers come with it")
    func sameBody() async throws {
        let body = Body("the same")
        let handler: Handler = { head in
            .respond(
                Response(
                    status: head.query("v") == "3" ? 404 : 200, headers: [("X-Version", head.query("v") ?? "")],
                    body: body))
        }
        try await serving(handler) { server in
            let client = try RawClient(server)
            for version in ["1", "2", "2", "1", "3", "3", "", "1"] {
                try await client.send("GET /?v=\(version) HTTP/1.1\r\nHost: x\r\n\r\n")
                let reply = try await client.reply()
                #expect(reply.header("X-Version") == (version.isEmpty ? nil : version))
                #expect(reply.status == (version == "3" ? 404 : 200))
                #expect(reply.body == "the same")
            }
        }
        #expect(String(decoding: body.bytes, as: UTF8.self) == "the same")
    }

    @Test("an answer that is kept is sent by many connections at once, whole and alike, and to HEAD without its body")
    func kept() async throws {
        let text = String(repeating: "kept ", count: 20_000)
        let response = Response(headers: [("Content-Type", "text/plain"), ("ETag", "\"1\"")], body: Body(text))
        let (whole, unchanged) = (try #require(Answer(response)), try #require(Answer(Response(status: 304))))
        let handler: Handler = { head in
            if head.path == "/fresh" { return .respond(response) }
            return .send(head.header("If-None-Match") == nil ? whole : unchanged)
        }
        try await serving(handler) { server in
            let client = try RawClient(server)
            try await client.send("GET /fresh HTTP/1.1\r\nHost: x\r\n\r\n")
            let fresh = try await client.reply().lines.filter { !$0.hasPrefix("Date") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        let client = try RawClient(server)
                        for round in 0..<20 {
                            let condition = round % 3 == 1 ? "If-None-Match: \"1\"\r\n" : ""
                            let method = round % 3 == 2 ? "HEAD" : "GET"
                            try await client.send("\(method) / HTTP/1.1\r\nHost: x\r\n\(condition)\r\n")
                            let reply = try await client.reply(toHead: method == "HEAD")
                            #expect(reply.status == (condition.isEmpty ? 200 : 304))
                            #expect(reply.body == (round % 3 == 0 ? text : ""))
                            if condition.isEmpty { #expect(reply.lines.filter { !$0.hasPrefix("Date") } == fresh) }
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("an answer whose status is none is none", arguments: [0, 100, 199, 600, -1, Int.max])
    func noAnswer(status: Int) {
        #expect(Answer(Response(status: status)) == nil)
    }

    @Test("an answer's bytes are released when they have been sent, or their client has gone")
    func release() async throws {
        final class Box: @unchecked Sendable { weak var body: Body? }
        let box = Box()
        let handler: Handler = { _ in
            let body = Body([UInt8](repeating: 1, count: 4 << 20))
            box.body = body
            return .respond(Response(body: body))
        }
        try await serving(handler) { server in
            let reader = try RawClient(server)
            try await reader.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try await reader.receive()
            #expect(box.body != nil)
            var left = 4 << 20
            while left > 65_536 {
                let part = try await reader.receive()
                try #require(!part.isEmpty, "closed with \(left) bytes left")
                left -= part.count
            }
            #expect(try await eventually { box.body == nil })

            let leaver = try RawClient(server)
            try await leaver.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try await leaver.receive()
            #expect(box.body != nil)
            leaver.abort()
            #expect(try await eventually { box.body == nil })
        }
    }
}
