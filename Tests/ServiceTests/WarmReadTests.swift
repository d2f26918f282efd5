import OrderedCollections
import Secrets
import Store
import Testing
import Tree

@testable import Service

/// Documents that were asked for so often that the answer itself is kept.
@Suite("A document that is asked for again")
struct WarmReadTests {
    private static let targets = [
        "/hiera/web.ana.so.lab.example", "/enc/web.ana.so.lab.example", "/pillar/web.ana.so.lab.example",
        "/hiera/web.ana.so.lab.example/role", "/salt/top/web.ana.so.lab.example",
        "/ansible/hosts/web.ana.so.lab.example",
    ]

    /// Runs `body` with a site whose reads share one connection, or have one each.
    private static func with(
        _ isKept: Bool, people: [String] = [], _ body: (Site) async throws -> Void
    ) async throws {
        try await Site.with(tree: Trees.lab, people: people) { site async throws in
            try await body(isKept ? site.keepingConnection() : site)
        }
    }

    @Test(
        "is answered with the same headers and bytes every time, however its path is spelt", arguments: targets,
        [false, true])
    func same(target: String, isKept: Bool) async throws {
        try await Self.with(isKept) { site async throws in
            let first = try await site.get(target)
            let spelt = target.replacing("web.ana", with: "%77eb.ana")
            for target in [target, target, target + "/", spelt, target] {
                let again = try await site.get(target)
                #expect(again.status == 200 && again.body == first.body)
                #expect(again.lines == first.lines, "\(target)")
            }
            let head = try await site.send("HEAD", target)
            #expect(head.lines == first.lines)
            #expect(
                first.headers.map(\.name)
                    == [
                        "Date", isKept ? nil : "Connection", "Content-Type", "X-Headwater-Revision", "ETag",
                        "X-Content-Type-Options",
                        "Content-Security-Policy", "Referrer-Policy", "Cache-Control", "Content-Length",
                    ].compactMap(\.self))
            #expect(first.header("Cache-Control") == "private, no-cache")
        }
    }

    @Test("is answered 304 to who has it, until it is another", arguments: targets, [false, true])
    func unchanged(target: String, isKept: Bool) async throws {
        try await Self.with(isKept) { site async throws in
            let tag = try #require(try await site.get(target).header("ETag"))
            var lines: [String]?
            for known in [tag, tag, tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
                let reply = try await site.get(target, ("If-None-Match", known))
                #expect(reply.status == 304 && reply.body.isEmpty && reply.header("ETag") == tag, "\(known)")
                #expect(reply.lines == lines ?? reply.lines)
                lines = reply.lines
            }
            #expect(try await site.get(target, ("If-None-Match", "\"x\"")).status == 200)
            let change: Value = ["vars": ["role": "other"], "puppet": ["environment": "e"], "salt": ["states": ["s"]]]
            #expect(try await site.patch("/v1/tree/so/ana/web", change).status == 200)
            let changed = try await site.get(target, ("If-None-Match", tag))
            #expect(changed.status == 200 && changed.header("ETag") != tag)
            let newer = try #require(changed.header("ETag"))
            for _ in 1...3 { #expect(try await site.get(target, ("If-None-Match", newer)).status == 304) }
        }
    }

    @Test("tells of each new revision, and is made anew only if it changes", arguments: [false, true])
    func revisions(isKept: Bool) async throws {
        try await Self.with(isKept) { site async throws in
            let target = Self.targets[0]
            for number in 1...3 {
                for _ in 1...3 { #expect(try await site.get(target).revision == site.get("/v1/tree").revision) }
                let tag = try await site.get(target).header("ETag")
                #expect(try await site.patch("/v1/tree/so/ana/db", ["vars": ["n": .integer(number)]]).status == 200)
                let after = try await site.get(target)
                #expect(after.header("ETag") == tag)
                #expect(try await after.revision == site.get("/v1/tree").revision)
                #expect(try await site.get(target, ("If-None-Match", tag ?? "")).revision == after.revision)
            }
            let rendered = "headwater_documents_rendered_total 1\n"
            #expect(try await site.get("/metrics").text.contains(rendered))
        }
    }

    @Test(
        "is there as YAML, as of a revision and with queries, and refuses unknown ones, all the same",
        arguments: [false, true])
    func other(isKept: Bool) async throws {
        try await Self.with(isKept) { site async throws in
            let target = Self.targets[0]
            for _ in 1...3 { #expect(try await site.get(target).header("Content-Type") == "application/json") }
            let yaml = try await site.get(target, ("Accept", "application/yaml"))
            #expect(yaml.header("Content-Type") == "application/yaml")
            #expect(try await site.get(target + "?at=0").status == 404)
            #expect(try await site.get(target + "?nothing").status == 400)
            #expect(try await site.send("DELETE", target).status == 405)
        }
    }

    @Test("is refused with the next request when its token is revoked", arguments: [false, true])
    func revoked(isKept: Bool) async throws {
        try await Self.with(isKept) { site async throws in
            let (one, two) = (try await site.addToken(), try await site.addToken())
            for _ in 1...3 {
                for token in [one, two] {
                    #expect(try await site.ask("GET", Self.targets[0], as: .bearer(token)).status == 200)
                }
            }
            let id = try #require(try await site.ask("GET", "/v1/tokens/self", as: .bearer(one))["id"]?.integer)
            #expect(try await site.delete("/v1/tokens/\(id)").status == 204)
            for _ in 1...3 {
                #expect(try await site.ask("GET", Self.targets[0], as: .bearer(one)).status == 401)
                #expect(try await site.ask("GET", Self.targets[0], as: .bearer(two)).status == 200)
            }
        }
    }

    @Test(
        "is refused with the next request when its user is disabled, in a session too, and given to his password after",
        arguments: [false, true])
    func disabled(isKept: Bool) async throws {
        try await Self.with(isKept) { site async throws in
            try await site.addUser("rob", "correct horse battery", ["superuser": true])
            let session = try #require(try await site.logIn("rob", "correct horse battery")["access_token"]?.string)
            let token = try await site.addToken([:], as: .bearer(session))
            let keys: [Key] = [.bearer(session), .bearer(token), .basic("rob", "correct horse battery")]
            for (isDisabled, statuses) in [
                (false, [200, 200, 200]), (true, [401, 401, 401]), (false, [401, 401, 200]),
            ] {
                #expect(try await site.patch("/v1/users/rob", ["disabled": .bool(isDisabled)]).status == 200)
                for (key, status) in zip(keys + keys + keys, statuses + statuses + statuses) {
                    #expect(try await site.ask("GET", Self.targets[0], as: key).status == status, "\(key)")
                }
            }
        }
    }

    @Test(
        "is given to who may read it and to nobody else, whoever asked before, and no longer than he may",
        arguments: [false, true])
    func rights(isKept: Bool) async throws {
        try await Self.with(isKept, people: ["eve"]) { site async throws in
            let eve = site.acting(as: "eve")
            let bound = try await site.addToken(["certname": "web.ana.so.lab.example"])
            let other = try await site.addToken(["certname": "db.ana.so.lab.example"])
            let inside = try await site.addToken(["folder": "/so"])
            let outside = try await site.addToken(["folder": "/ai"])
            let missing = try await eve.get("/hiera/nobody.example")
            for mayRead in [false, true, false, true] {
                let access: Value = ["access": ["readers": mayRead ? ["eve"] : []]]
                #expect(try await site.patch("/v1/tree/so", access).status == 200)
                for _ in 1...3 {
                    let reply = try await eve.get(Self.targets[0])
                    #expect(reply.status == (mayRead ? 200 : 404))
                    if !mayRead {
                        let said = reply.text.replacing("web.ana.so.lab.example", with: "nobody.example")
                        #expect(said == missing.text)
                    }
                    for (token, status) in [(bound, 200), (other, 404), (inside, 200), (outside, 404)] {
                        let reply = try await site.ask("GET", Self.targets[0], as: .bearer(token))
                        #expect(reply.status == status)
                    }
                    #expect(try await site.get(Self.targets[0]).status == 200)
                }
            }
        }
    }

    @Test("is not found when its machine is gone, and is another's when that has its name", arguments: [false, true])
    func renamed(isKept: Bool) async throws {
        try await Self.with(isKept) { site async throws in
            let target = "/hiera/web.ana.so.lab.example"
            for _ in 1...3 { #expect(try await site.get(target)["role"] == "web") }
            #expect(try await site.delete("/v1/tree/so/ana/web").status == 204)
            for _ in 1...3 { #expect(try await site.get(target).status == 404) }
            let name: Value = ["certname": "web.ana.so.lab.example"]
            #expect(try await site.patch("/v1/tree/so/ana/db", name).status == 200)
            for _ in 1...3 { #expect(try await site.get(target)["role"] == "db") }
        }
    }

    @Test("is counted by its route, however it was found", arguments: [false, true])
    func counted(isKept: Bool) async throws {
        try await Self.with(isKept) { site async throws in
            for _ in 1...3 {
                for target in Self.targets {
                    let tag = try await site.get(target).header("ETag") ?? ""
                    #expect(try await site.get(target, ("If-None-Match", tag)).status == 304)
                }
            }
            let metrics = try await site.get("/metrics").text
            for route in [
                "/hiera/{certname}", "/enc/{certname}", "/hiera/{certname}/{key}", "/ansible/hosts/{certname}",
            ] {
                for status in ["2xx", "3xx"] {
                    let line =
                        "headwater_http_requests_total{method=\"GET\",route=\"\(route)\",status=\"\(status)\"} 3\n"
                    #expect(metrics.contains(line), "\(line)")
                }
            }
        }
    }

    @Test("a token is remembered until it ends, and no longer than an hour, for its use is noted in each")
    func term() throws {
        let bytes = [UInt8](repeating: 7, count: 32)
        let hash = try #require(TokenHash(bytes: bytes))
        for (expires, now, end) in [(nil, 0, 3_600_000), (nil, 3_600_000, 7_200_000), (5_000, 4_000, 5_000)] {
            let token = TokenRecord(hash: bytes, principal: "ana", isSuperuser: true, created: 0, expires: expires)
            let directory = Directory(users: [], groups: [], tokens: [token])
            #expect(directory.end(of: .token(hash), now: now) == end)
        }
    }
}

extension Reply {
    /// The headers but the time.
    fileprivate var lines: [String] {
        headers.filter { $0.name != "Date" }.map { "\($0.name): \($0.value)" }
    }
}
