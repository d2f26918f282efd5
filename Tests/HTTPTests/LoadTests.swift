import Glibc
import HTTP
import Testing

@Suite("Load", .serialized)
struct LoadTests {
    private let get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

    /// Answers at once, after a wait, or after the body, and refuses some.
    private let handler: Handler = { head in
        switch head.segments.first {
        case "wait":
            .suspend {
                await Task.yield()
                return .text(200, "waited")
            }
        case "body": .collect(limit: 1_000) { .respond(.text(200, "\($0.count)")) }
        default: .respond(.text(200, head.path))
        }
    }

    @Test("1,000 idle connections do not stop the service")
    func idle() async {
        // In a process of its own: Foundation, starting a process, reads past its list of open files where it has more
        // than some 1,300 of them, and other tests start processes meanwhile.
        await #expect(processExitsWith: .success) { try await LoadTests().keepIdle() }
    }

    private func keepIdle() async throws {
        try await serving(handler) { server in
            let idle = try (0..<1_000).map { _ in try RawClient(server) }
            for client in idle.prefix(300) { try await client.send("GET / HTTP/1.1\r\n") }
            for _ in 0..<20 {
                let client = try RawClient(server)
                try await client.send(get)
                #expect(try await client.reply().body == "/\n")
            }
            for client in idle.suffix(100) {
                try await client.send(get)
                #expect(try await client.reply().body == "/\n")
            }
        }
    }

    @Test("200 requests at once are answered, each with its own answer")
    func concurrent() async throws {
        try await serving(handler) { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let client = try RawClient(server)
                        for round in 0..<5 {
                            let path = number.isMultiple(of: 2) ? "/wait" : "/\(number)/\(round)"
                            try await client.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
                            let body = try await client.reply().body
                            #expect(body == (number.isMultiple(of: 2) ? "waited\n" : path + "\n"))
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("the memory does not grow over 20,000 requests")
    func memory() async {
        // In a process of its own: the pages of this one are those of all tests that run meanwhile.
        await #expect(processExitsWith: .success) { try await LoadTests().askAgainAndAgain() }
    }

    private func askAgainAndAgain() async throws {
        try await serving(handler) { server in
            let batch =
                "GET /a?q=1 HTTP/1.1\r\nHost: x\r\n\r\n" + "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n"
                + "PUT /body HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcde"
                + "BREW / HTTP/1.1\r\nHost: x\r\n\r\n"
            func run(_ rounds: Int) async throws {
                for round in 0..<rounds {
                    let client = try RawClient(server)
                    for _ in 0..<10 {
                        try await client.send(batch)
                        #expect(try await client.replies(4).map(\.status) == [200, 200, 200, 501])
                    }
                    let other = try RawClient(server)
                    try await other.send("GET //bad HTTP/1.1\r\nHost: x\r\n\r\n")
                    #expect(try await other.receiveAll().hasPrefix("HTTP/1.1 400 "))
                    // Some leave before they have their answers.
                    try await client.send(batch)
                    if round.isMultiple(of: 2) { client.abort() }
                }
            }
            try await run(100)
            let before = try residentPages()
            try await run(300)
            let grown = try residentPages() - before
            #expect(grown < 2_000, "\(grown) pages of 4 KiB")
        }
    }

    /// Pages of memory that the process has (proc(5), statm).
    private func residentPages() throws -> Int {
        let file = try #require(fopen("/proc/self/statm", "r"))
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        _ = fgets(&line, Int32(line.count), file)
        let fields = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(
            separator: " ")
        return try #require(fields.count > 1 ? Int(fields[1]) : nil)
    }
}
