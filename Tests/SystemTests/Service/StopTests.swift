import Formats
import Foundation
import Testing
import Tree

@Suite("A daemon that is told to end")
struct StopTests {
    private static let count = 3_000

    private static func apply(below folder: String) -> Value {
        [
            "root": .string(folder),
            "entries": [
                ["path": .string(folder), "kind": "folder", "definition": ["vars": ["site": "north"]]],
                [
                    "path": .string("\(folder)/m-{0001..\(count)}"), "kind": "vm",
                    "definition": ["vars": ["a": "${{ vars.site }} ${{ self.certname }}"]],
                ],
            ],
        ]
    }

    @Test(
        "does so in order, in the middle of plans, lists and changes, and has what it said it has when it starts again")
    func underWay() async throws {
        let scratch = try Scratch()
        let daemon = try await Daemon.start(in: scratch)
        #expect(try await daemon.api.send("POST", "/v1/apply", Self.apply(below: "/lab")).status == 200)
        let plan: Value = ["patch": "/lab/common", "definition": ["vars": ["site": "south"]]]
        let requests: [(method: String, target: String, body: Value?)] = [
            ("POST", "/v1/plan", plan), ("POST", "/v1/plan", plan), ("POST", "/v1/plan", plan),
            ("GET", "/ansible", nil), ("GET", "/v1/tree/?recursive&limit=100000&selector=vars.a=x", nil),
            ("GET", "/v1/explain/lab/m-0001?blame", nil), ("GET", "/v1/events", nil),
            ("POST", "/v1/apply", Self.apply(below: "/other")), ("POST", "/v1/apply", Self.apply(below: "/third")),
        ]
        var changes: [RawConnection] = []
        var others: [RawConnection] = []
        for request in requests {
            let connection = try RawConnection(daemon.url)
            let body = request.body.map { JSON.encode($0) } ?? []
            let head = """
                \(request.method) \(request.target) HTTP/1.1\r
                Host: x\r
                Authorization: Bearer \(daemon.token)\r
                Content-Type: application/json\r
                Content-Length: \(body.count)\r
                Connection: close\r
                \r

                """
            #expect(connection.send(Array(head.utf8) + body))
            if request.target == "/v1/apply" { changes.append(connection) } else { others.append(connection) }
        }
        // So that all of them are at hand.
        #expect(try await daemon.api.send("GET", "/healthz").status == 200)
        let status = await daemon.end()
        let log = try daemon.log
        #expect(status == 0, "the daemon said: \(log)")
        for connection in others { #expect(try await connection.readTextToEnd() != nil) }
        var acknowledged = 0
        for connection in changes {
            let answer = try #require(await connection.readTextToEnd())
            #expect(answer.hasPrefix("HTTP/1.1 200 ") || answer.hasPrefix("HTTP/1.1 503 "), "\(answer.prefix(300))")
            if answer.hasPrefix("HTTP/1.1 200 ") { acknowledged += 1 }
        }
        try await Daemon.run(in: scratch) { daemon in
            #expect(try await daemon.api.get("/readyz")["status"] == "ok")
            let paths = try await daemon.api.get("/v1/tree/?recursive&limit=100000&fields=path")["entries"]?.list ?? []
            // All of a change, or nothing of it.
            #expect((paths.count - 1).isMultiple(of: Self.count + 1), "\(paths.count)")
            #expect(paths.count > (acknowledged + 1) * (Self.count + 1))
        }
    }
}
