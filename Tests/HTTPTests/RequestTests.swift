import HTTP
import Testing

@Suite("Requests")
struct RequestTests {
    /// Answers with what was understood of the request.
    private let echo: Handler = { head in
        let queries = head.queries.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
        return .respond(.text(200, "\(head.method) \(head.path) \(head.segments) [\(queries)] \(head.peer)"))
    }

    /// The body of the answer to one request, on a connection of its own.
    private func body(of target: String, method: String = "GET") async throws -> String {
        try await serving(echo) { server in
            let client = try RawClient(server)
            try await client.send("\(method) \(target) HTTP/1.1\r\nHost: x\r\n\r\n")
            return try await client.reply().body
        }
    }

    @Test("the path is kept as sent, and its segments are decoded")
    func path() async throws {
        #expect(try await body(of: "/") == "GET / [] [] 127.0.0.1\n")
        #expect(
            try await body(of: "/a%20b/%C3%B1/c+d/x:copy")
                == #"GET /a%20b/%C3%B1/c+d/x:copy ["a b", "ñ", "c+d", "x:copy"] [] 127.0.0.1\#n"#)
        #expect(try await body(of: "/a/") == #"GET /a/ ["a"] [] 127.0.0.1\#n"#)
    }

    @Test("the absolute form of a target is read as its path")
    func absolute() async throws {
        #expect(try await body(of: "http://host:1/a/b?q=1") == #"GET /a/b ["a", "b"] [q=1] 127.0.0.1\#n"#)
        #expect(try await body(of: "HTTPS://[::1]/a") == #"GET /a ["a"] [] 127.0.0.1\#n"#)
        #expect(try await body(of: "http://host") == "GET / [] [] 127.0.0.1\n")
        #expect(try await body(of: "http://host?q=1") == "GET / [] [q=1] 127.0.0.1\n")
    }

    @Test("queries are decoded, a plus is a space, and their order kept")
    func queries() async throws {
        let expected = "GET / [] [a=1 2,b=+&=,é=ü,flag=,A=2] 127.0.0.1\n"
        #expect(try await body(of: "/?a=1+2&b=%2B%26%3D&%C3%A9=%c3%bc&flag&A=2") == expected)
    }

    @Test("a query by which two readers could believe two different things is answered 400 if it comes twice")
    func twiceInQuery() async throws {
        for target in ["/?a=1&b&a=2", "/?a=1&a=1", "/?a&%61"] {
            #expect(try await body(of: target) == "the query has \"a\" twice: expected it once\n", "\(target)")
        }
    }

    @Test("every method of the list is understood", arguments: Method.allCases.filter { $0 != .head })
    func methods(method: Method) async throws {
        #expect(try await body(of: "/a", method: method.rawValue) == "\(method.rawValue) /a [\"a\"] [] 127.0.0.1\n")
    }

    @Test(
        "a path that two readers could take for two paths is answered 400",
        arguments: [
            "/a%2Fb", "/a%2fb", "//", "/a//b", "/./a", "/a/..", "/%2e%2E/a", "/a%00", "/a%", "/a%4", "/a%zz", "/%FF",
            "a", "*", "http://", "http:///a", "http://a@host/", "http://host:x/", "ftp://host/a", "host:1", "/a/%2E/",
        ])
    func badPath(path: String) async throws {
        let body = try await body(of: path)
        #expect(
            body
                == "the path is malformed: expected / and segments that are not empty, . or .., in percent-encoded UTF-8,"
                + " without an encoded / or NUL\n")
    }

    @Test("a query that is malformed is answered 400", arguments: ["/?a=%", "/?a=%00", "/?%FF=1", "/?a=%4x"])
    func badQuery(target: String) async throws {
        #expect(try await body(of: target) == "the query is malformed: expected percent-encoded UTF-8 without NUL\n")
    }

    @Test("a header by which two readers could believe two different things is answered 400 if it comes twice")
    func twice() async throws {
        try await serving({ _ in .respond(.text(200, "yes")) }) { server in
            for name in ["Host", "Authorization", "Content-Type"] {
                let client = try RawClient(server)
                let host = name == "Host" ? "" : "Host: x\r\n"
                try await client.send("GET / HTTP/1.1\r\n\(host)\(name): x\r\n\(name.lowercased()): y\r\n\r\n")
                let reply = try await client.reply()
                #expect(reply.status == 400)
                #expect(reply.body == "\(name) is given twice: expected it once\n")
            }
        }
    }

    @Test("a method that is not understood is answered 501, and the connection goes on")
    func unknownMethod() async throws {
        try await serving(echo) { server in
            let client = try RawClient(server)
            try await client.send("BREW / HTTP/1.1\r\nHost: x\r\n\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n")
            let replies = try await client.replies(2)
            #expect(replies.map(\.status) == [501, 200])
            #expect(
                replies.first?.body
                    == "the method is not implemented: expected one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\n")
        }
    }

    @Test("a header is found in whatever case, its first value if there are several")
    func headers() async throws {
        let handler: Handler = { head in
            .respond(.text(200, "\(head.header("x-ONE") ?? "-") \(head.header("X-Two") ?? "-") \(head.headers.count)"))
        }
        try await serving(handler) { server in
            let client = try RawClient(server)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\nX-One:  a \r\nx-one: b\r\n\r\n")
            #expect(try await client.reply().body == "a - 3\n")
        }
    }

    @Test("a head that is kept says the same after its request is over")
    func keptHead() async throws {
        let handler: Handler = { head in
            .suspend {
                try? await Task.sleep(for: .milliseconds(20))
                return .text(200, "\(head.path) \(head.query("q") ?? "-") \(head.header("X") ?? "-") \(head.peer)")
            }
        }
        try await serving(handler) { server in
            let client = try RawClient(server)
            try await client.send("GET /a/b?q=1 HTTP/1.1\r\nHost: x\r\nX: y\r\n\r\n")
            #expect(try await client.reply().body == "/a/b 1 y 127.0.0.1\n")
        }
    }

    @Test("problems are shaped by the configuration")
    func problem() async throws {
        let shaped = configuration { configuration in
            configuration.problem = { status, detail in
                Response(
                    status: status, headers: [("Content-Type", "application/problem+json")], body: Body("{\(detail)}"))
            }
        }
        try await serving(echo, shaped) { server in
            let client = try RawClient(server)
            try await client.send("GET /?%00 HTTP/1.1\r\nHost: x\r\n\r\n")
            let reply = try await client.reply()
            #expect(reply.status == 400)
            #expect(reply.header("Content-Type") == "application/problem+json")
            #expect(reply.body == "{the query is malformed: expected percent-encoded UTF-8 without NUL}")
        }
    }
}
