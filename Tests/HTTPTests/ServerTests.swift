import HTTP
import Testing

@Suite("Servers")
struct ServerTests {
    private let fine: Handler = { _ in .respond(.text(200, "fine")) }

    @Test("port 0 takes a free port, and says which")
    func anyPort() async throws {
        let first = try Server(Configuration(), log: quiet, handler: fine)
        let second = try Server(Configuration(), log: quiet, handler: fine)
        defer {
            first.stop()
            second.stop()
        }
        #expect(first.port != 0 && second.port != 0 && first.port != second.port)
    }

    @Test("a port in use is an error that names host and port")
    func portInUse() throws {
        let server = try Server(Configuration(), log: quiet, handler: fine)
        defer { server.stop() }
        let error = #expect(throws: ServerError.self) {
            try Server(Configuration(host: "127.0.0.1", port: server.port), log: quiet, handler: fine)
        }
        #expect(error.map { "\($0)" } == "cannot listen on 127.0.0.1:\(server.port): Address already in use")
    }

    @Test("an address of another machine, and a name that is none, are errors that name it")
    func badHost() throws {
        let foreign = #expect(throws: ServerError.self) {
            var configuration = Configuration(host: "192.0.2.1", port: 1)
            configuration.isPlainTextAllowed = true
            _ = try Server(configuration, log: quiet, handler: fine)
        }
        #expect(foreign.map { "\($0)" } == "cannot listen on 192.0.2.1:1: Cannot assign requested address")
        let unknown = #expect(throws: ServerError.self) {
            try Server(Configuration(host: "no such host", port: 1), log: quiet, handler: fine)
        }
        let text = unknown.map { "\($0)" } ?? ""
        #expect(text.hasPrefix("cannot listen on \"no such host\": "))
        #expect(text.hasSuffix(": expected an address of this machine, such as 127.0.0.1, or a name"))
    }

    @Test(
        "plain text is spoken on the loopback only, unless it is allowed",
        arguments: [("127.0.0.1", true), ("127.9.9.9", true), ("::1", true), ("localhost", true), ("0.0.0.0", false)])
    func plainText(host: String, isFine: Bool) throws {
        var configuration = Configuration(host: host, port: 0)
        if isFine {
            try Server(configuration, log: quiet, handler: fine).stop()
        } else {
            let error = #expect(throws: ServerError.self) {
                _ = try Server(configuration, log: quiet, handler: fine)
            }
            #expect(
                error.map { "\($0)" }
                    == "will not speak in plain text on \(host), where others could read tokens and definitions along; "
                    + "expected TLS, or an address of the loopback such as 127.0.0.1")
            configuration.isPlainTextAllowed = true
            try Server(configuration, log: quiet, handler: fine).stop()
        }
    }

    @Test("a stopped server gives its port back, and stopping it again does nothing")
    func portReturned() throws {
        let first = try Server(Configuration(), log: quiet, handler: fine)
        first.stop()
        first.stop()
        let second = try Server(Configuration(host: "127.0.0.1", port: first.port), log: quiet, handler: fine)
        second.stop()
        #expect(throws: RawClient.Failure.self) { try RawClient(second) }
    }

    @Test("a server that nobody keeps stops")
    func released() throws {
        var server: Server? = try Server(Configuration(), log: quiet, handler: fine)
        let port = try #require(server?.port)
        server = nil
        try Server(Configuration(host: "127.0.0.1", port: port), log: quiet, handler: fine).stop()
    }

    @Test("a server stops while clients are connected, idle or in the middle of a request")
    func stopBusy() async throws {
        let server = try Server(configuration { $0.stopTimeout = 0 }, log: quiet) { _ in
            .collect(limit: nil) { _ in .respond(.text(200, "fine")) }
        }
        let idle = try RawClient(server)
        let half = try RawClient(server)
        try await half.send("GET / HT")
        let body = try RawClient(server)
        try await body.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
        try await Task.sleep(for: .milliseconds(50))
        server.stop()
        for client in [idle, half, body] { #expect(try await client.receiveAll() == "") }
    }
}
