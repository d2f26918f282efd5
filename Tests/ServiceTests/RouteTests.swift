import Foundation
import HTTP
import OrderedCollections
import TestSupport
import Testing
import Tree

@testable import Service

/// What holds of all routes: the tests walk the list that the server walks.
@Suite("Every route")
struct RouteTests {
    /// Reads of what has no revisions: the history itself, what is known of machines and operations, the service.
    private static let withoutPast: Set<String> = [
        "/v1/revisions", "/v1/revisions/{number}", "/v1/unmanaged", "/v1/operations", "/v1/operations/{id}", "/healthz",
        "/readyz", "/metrics", "/openapi.json", "/v1/whoami", "/v1/access/{path...}", "/v1/images",
        "/v1/tree/{path...}:console", "/v1/events", "/v1/users", "/v1/users/{name}", "/v1/groups", "/v1/groups/{name}",
        "/v1/tokens", "/v1/tokens/{id}", "/v1/audit",
    ]

    @Test("that reads answers as of a revision and a time, or is known to have no past")
    func past() async throws {
        for route in ServiceRoute.all where route.method == .get {
            let has = route.queries.contains { $0.name == "at" }
            #expect(has != Self.withoutPast.contains(route.pattern), "\(route.pattern)")
        }
        try await Site.with(tree: Trees.lab) { site in
            let patterns = ServiceRoute.all.filter { $0.method == .get && !Self.withoutPast.contains($0.pattern) }
            var then: [String: Reply] = [:]
            for pattern in patterns.map(\.pattern) { then[pattern] = try await site.get(Self.target(pattern)) }
            let made = try #require(try await site.get("/v1/revisions/2")["time"]?.string)
            try await Task.sleep(for: .milliseconds(5))
            _ = try await site.patch("/v1/tree/common", ["vars": ["site": "south", "new": 1]])
            _ = try await site.patch("/v1/tree/so/ana/web", ["note": "n", "salt": ["states": ["new"]]])
            for (pattern, reply) in then {
                try #require(reply.status == 200, "\(pattern): \(reply.text)")
                for at in ["2", made] {
                    let now = try await site.get("\(Self.target(pattern))?at=\(at)")
                    #expect(now.text == reply.text && now.revision == 2, "\(pattern) at \(at): \(now.text)")
                    #expect(now.header("ETag") == reply.header("ETag"), "\(pattern) at \(at)")
                }
                guard pattern != "/v1/problems" else { continue }
                #expect(try await site.get(Self.target(pattern)).text != reply.text, "\(pattern) does not change")
            }
        }
    }

    @Test("that changes something refuses a tag that is old, and then changes nothing")
    func conditions() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let bodies: [String: Value] = [
                "/v1/tree/{path...}:copy": ["to": "/x"], "/v1/tree/{path...}:move": ["to": "/x"],
                "/v1/tree/{path...}:adopt": [
                    "hypervisor": "m", "uuid": "6695eb01-f6a4-4304-79aa-97f2502e193f",
                ],
            ]
            let state = try await site.get("/v1/tree?recursive").text
            for route in ServiceRoute.all where route.method != .get && route.pattern != "/v1/tree/{path...}:adopt" {
                let body = bodies[route.pattern] ?? [:]
                let reply = try await site.send(
                    route.method.rawValue, Self.target(route.pattern).replacing("/{number}", with: "/2"),
                    [("Content-Type", "application/json"), ("If-Match", "\"old\"")], body: Array(body.jsonText.utf8))
                #expect(reply.status == 412, "\(route.method) \(route.pattern): \(reply.text)")
            }
            #expect(try await site.get("/v1/tree?recursive").text == state)
            let apply = try await site.send("POST", "/v1/apply", [("If-Match", "*")], body: Array("{}".utf8))
            #expect(
                apply.detail == "/v1/apply has no entity tag to compare with; expected If-Match and If-None-Match on "
                    + "entries only, or base in the body")
        }
    }

    @Test("that shows a time takes the same time")
    func clock() {
        var seed = Seeded()
        for _ in 0..<10_000 {
            let time = Int.random(in: 0..<4_000_000_000_000, using: &seed)
            #expect(Clock.time(Clock.text(time)) == time, "\(seed): \(Clock.text(time))")
        }
    }

    @Test("on an entry goes through with its tag, also where its machines are destroyed on the way")
    func fresh() async throws {
        try await Site.with(tree: Trees.lab) { site in
            func tag(_ path: String) async throws -> String {
                try #require(try await site.get("/v1/tree\(path)").header("ETag"))
            }
            let json = ("Content-Type", "application/json")
            let copy = try await site.send(
                "POST", "/v1/tree/ai/gpu:copy", [json, ("If-Match", try await tag("/ai/gpu"))],
                body: Array(#"{"to": "/ai/two"}"#.utf8))
            #expect(copy.status == 201, "\(copy.text)")
            let create = try await site.send("POST", "/v1/tree/ai/gpu:create", [("If-Match", try await tag("/ai/gpu"))])
            #expect(create.status == 202, "\(create.text)")
            #expect(try await site.get("\(create.header("Location") ?? "")?wait=60")["state"] == "done")
            let gone = try await site.delete("/v1/tree/ai/gpu?destroy=true", ("If-Match", try await tag("/ai/gpu")))
            #expect(gone.status == 204, "\(gone.text)")
        }
    }

    @Test(
        "says what a time must look like, and that nothing was there before the first revision",
        arguments: [
            (
                "tuesday", 400,
                "at=tuesday: expected the number of a revision, or a time such as 2026-11-17T08:00:00Z or 2026-11-17"
            ),
            (
                "-1", 400,
                "at=-1: expected the number of a revision, or a time such as 2026-11-17T08:00:00Z or 2026-11-17"
            ),
            ("2001-02-03", 404, "there was no revision yet at 2001-02-03T00:00:00.000Z"),
            ("2001-02-03T04:05:06%2B02:00", 404, "there was no revision yet at 2001-02-03T02:05:06.000Z"),
            (
                "2001-02-03T04:05:06Zebra", 400,
                "at=2001-02-03T04:05:06Zebra: expected the number of a revision, or a time such as 2026-11-17T08:00:00Z "
                    + "or 2026-11-17"
            ),
            ("2001-02-03T04:05:06.25Z", 404, "there was no revision yet at 2001-02-03T04:05:06.250Z"),
        ])
    func times(_ at: String, _ status: Int, _ detail: String) async throws {
        try await Site.with(tree: Trees.lab) { site in
            let reply = try await site.get("/v1/tree?at=\(at)")
            #expect(reply.status == status && reply.detail == detail, "\(reply.text)")
            #expect(try await site.get("/v1/tree?at=2999-01-01").revision == 2)
        }
    }

    private static func target(_ pattern: String) -> String {
        pattern.replacing("{certname}", with: Trees.web).replacing("{key}", with: "site")
            .replacing("{path...}", with: "so/ana/web").replacing("{id}", with: "1").replacing("{number}", with: "2")
            .replacing("{name}", with: "nobody")
    }
}
