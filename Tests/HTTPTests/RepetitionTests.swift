import HTTP
import Synchronization
import TestSupport
import Testing

/// Requests of one connection that differ by their path alone.
@Suite("A request that repeats one")
struct RepetitionTests {
    /// Answers with what it was asked for and by whom; what is recalled says so, too.
    private static let echo: Handler = { head in
        let user = head.header("X-User") ?? ""
        @Sendable func text(_ path: String, _ tag: String?) -> String { "\(path) \(user) \(tag ?? "-")" }
        let answer = Answer(.text(200, "told " + text(head.path, head.header("If-None-Match"))))
        guard let answer else { return .respond(.text(500, "no memory")) }
        return .send(answer) { repetition in
            let path = String(decoding: repetition.path, as: UTF8.self)
            guard path != "/unknown" else { return nil }
            let tag = repetition.tag.map { String(decoding: $0, as: UTF8.self) }
            return Answer(.text(200, "again " + text(path, tag))).map { repetition.send($0.place) } ?? false
        }
    }

    private func body(_ client: RawClient, _ request: String) async throws -> String {
        try await client.send(request)
        return try await client.reply(toHead: request.hasPrefix("HEAD")).body.trimmingNewline
    }

    @Test("is answered by recall; one that says anything else as well is not")
    func alike() async throws {
        try await serving(Self.echo) { server in
            let client = try RawClient(server)
            let first = "Host: x\r\nX-User: ana\r\n"
            for (line, headers, expected) in [
                ("GET /a", first, "told /a ana -"),
                ("GET /a", first, "again /a ana -"),
                ("GET /b", first, "again /b ana -"),
                ("GET /b", first + "If-None-Match: \"1\"\r\n", "again /b ana \"1\""),
                ("GET /b", "if-none-match: \"2\" \r\n" + first, "again /b ana \"2\""),
                ("GET /b", first + "If-None-Match: 1\r\nIf-None-Match: 2\r\n", "told /b ana 1"),
                ("GET /unknown", first, "told /unknown ana -"),
                ("GET /a", first, "again /a ana -"),
                ("GET /a?x", first, "told /a ana -"),
                ("GET /a", first, "again /a ana -"),
                ("HEAD /a", first, ""),
                ("GET /a", first, "again /a ana -"),
                ("DELETE /a", first, "told /a ana -"),
                ("GET /a", first + "Content-Length: 0\r\n", "told /a ana -"),
                ("GET /a", "X-User: ana\r\nHost: x\r\n", "told /a ana -"),
                ("GET /a", "X-User: ana\r\nHost: x\r\n", "again /a ana -"),
                ("GET /a", "X-User: bob\r\nHost: x\r\n", "told /a bob -"),
                ("GET /a", "X-User: bob\r\nHost: x\r\nX-More: 1\r\n", "told /a bob -"),
                ("GET /a", "X-User: bob\r\nHost: x\r\n", "told /a bob -"),
                ("GET /a", "X-User: bob\r\nHost: y\r\n", "told /a bob -"),
            ] {
                #expect(try await body(client, "\(line) HTTP/1.1\r\n\(headers)\r\n") == expected, "\(line) \(headers)")
            }
            let other = try RawClient(server)
            #expect(try await body(other, "GET /a HTTP/1.1\r\nHost: x\r\nX-User: ana\r\n\r\n") == "told /a ana -")
        }
    }

    @Test("gets what it would have got on a connection of its own, whatever was asked before")
    func law() async throws {
        var random = Seeded()
        try await serving(Self.echo) { server in
            for _ in 0..<20 {
                let client = try RawClient(server)
                for _ in 0..<50 {
                    let method = random.pick(["GET", "GET", "GET", "GET", "POST", "DELETE"])
                    var headers = ["Host: x"]
                    headers.append("X-User: " + random.pick(["ana", "ana", "ana", "bob", "an", "anaa"]))
                    if random.chance(20) { headers.append("If-None-Match: " + random.pick(["1", "2", "*"])) }
                    if random.chance(10) {
                        headers.append(random.pick(["Accept: */*", "X-Use: r: ana", "X-User2: x"]))
                    }
                    if random.chance(10) { headers.shuffle(using: &random) }
                    let sent = method == "POST" ? "12345" : ""
                    if method == "POST" { headers.append("Content-Length: 5") }
                    let path = random.pick(["/a", "/b", "/b/c", "/unknown", "/a?q=1"])
                    let request = "\(method) \(path) HTTP/1.1\r\n\(headers.joined(separator: "\r\n"))\r\n\r\n\(sent)"
                    let alone = try await body(try RawClient(server), request)
                    let kept = try await body(client, request)
                    #expect(
                        kept.split(separator: " ").dropFirst() == alone.split(separator: " ").dropFirst(),
                        "\(random): \(request)")
                }
            }
        }
    }

    @Test("is answered in its turn when many are sent at once")
    func pipelined() async throws {
        try await serving(Self.echo) { server in
            let client = try RawClient(server)
            let paths = (0..<200).map { $0 % 7 == 0 ? "/unknown" : "/\($0)" }
            try await client.send(paths.map { "GET \($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined())
            let bodies = try await client.replies(paths.count).map { $0.body.split(separator: " ")[1] }
            #expect(bodies.map(String.init) == paths)
        }
    }

    @Test("is refused like any other when its path makes the head too large")
    func tooLarge() async throws {
        try await serving(Self.echo, configuration { $0.headLimit = 4_096 }) { server in
            let client = try RawClient(server)
            let filler = "X-Filler: " + String(repeating: "f", count: 3_000)
            for _ in 1...2 { _ = try await body(client, "GET /a HTTP/1.1\r\nHost: x\r\n\(filler)\r\n\r\n") }
            let path = "/" + String(repeating: "a", count: 1_200)
            try await client.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\(filler)\r\n\r\n")
            #expect(try await client.reply().status == 431)
        }
    }

    @Test("is closed without an answer if libmicrohttpd was given none")
    func nothing() async throws {
        let answer = try #require(Answer(.text(200, "told")))
        let asked = Atomic(0)
        try await serving({ _ in .send(answer) { _ in asked.add(1, ordering: .relaxed).newValue > 1 ? nil : false } }) {
            server in
            let client = try RawClient(server)
            let request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
            #expect(try await body(client, request) == "told")
            try await client.send(request)
            #expect(try await client.receiveAll().isEmpty)
        }
    }
}

extension String {
    fileprivate var trimmingNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
