import Formats
import HTTP
import Hypervisor
import Lifecycle
import OrderedCollections
import Store
import Testing
import Tree

@testable import Service

@Suite("What the service says of itself")
struct DescriptionTests {
    @Test("the API's description has every route with its parameters and queries")
    func openAPI() async throws {
        try await Site.with { site in
            let document = try await site.get("/openapi.json")
            #expect(document["openapi"] == "3.1.0")
            var described = 0
            for (path, item) in document["paths"]?.map ?? [:] {
                for (method, operation) in item.map ?? [:] {
                    described += 1
                    let route = ServiceRoute.all.first {
                        $0.pattern.replacing("...", with: "") == path.text
                            && $0.method.rawValue.lowercased() == method.text
                    }
                    let known = try #require(route, "\(method) \(path)")
                    #expect(operation.map?["summary"] == .string(known.summary))
                    let parameters = (operation.map?["parameters"]?.list ?? []).compactMap { $0.map?["name"]?.string }
                    #expect(parameters == Pattern(known.pattern).names + known.queries.map(\.name))
                    #expect(operation.map?["security"]?.list?.isEmpty == (known.rule == .anybody))
                }
            }
            #expect(described == ServiceRoute.all.count)
        }
    }

    @Test("figures count answers, machines and operations, and memory")
    func metrics() async throws {
        try await Site.with(tree: Trees.lab) { site in
            #expect(try await site.run("create", "/ai/gpu")["state"] == "done")
            _ = try await site.get("/enc/\(Trees.web)")
            _ = try await site.get("/enc/nobody")
            let reply = try await site.get("/metrics")
            #expect(reply.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8")
            let lines = reply.text.split(separator: "\n").map(String.init)
            for line in [
                "headwater_http_requests_total{method=\"GET\",route=\"/enc/{certname}\",status=\"2xx\"} 1",
                "headwater_http_requests_total{method=\"GET\",route=\"/enc/{certname}\",status=\"4xx\"} 1",
                "headwater_revision 2", "headwater_machines{state=\"created\"} 1",
                "headwater_machines{state=\"provisioned\"} 2", "headwater_broken_machines 0",
                "headwater_operations{state=\"queued\"} 0", "headwater_operations{state=\"running\"} 0",
                "headwater_operations_total{state=\"done\"} 1", "headwater_operations_total{state=\"failed\"} 0",
            ] {
                #expect(lines.contains(line), "\(line) in \(reply.text)")
            }
            let memory = lines.first { $0.hasPrefix("process_resident_memory_bytes ") }
            #expect(memory?.split(separator: " ").last.flatMap { Int($0) } ?? 0 > 1 << 20)
        }
    }

    @Test("health needs no token and names nothing")
    func health() async throws {
        try await Site.with { site in
            let client = Client(port: site.server.port)
            let health = try await client.send("GET", "/healthz")
            #expect(health.json == ["status": "ok"])
            let ready = try await client.send("GET", "/readyz")
            #expect(ready["status"] == "ok" && ready["hypervisorsDown"] == 0)
        }
    }

    @Test("each error has its status and its sentence")
    func errors() throws {
        let path = try Path("/a/b")
        let problem = Problem(path: path, key: ["vars", "x"], "is wrong")
        var machine = Machine()
        let refusal = try #require(throws: Refusal.self) { try machine.on(.asked(.start)) }
        let cases: [(ServiceError, Int, String)] = [
            (.badRequest("no"), 400, "no"),
            (
                .malformed(FormatError(format: "JSON", message: "a comma is missing", line: 2, column: 3)), 400,
                "line 2, column 3: a comma is missing"
            ),
            (.unsupportedMedia("no"), 415, "no"),
            (.invalid([problem]), 422, "/a/b: vars.x: is wrong"),
            (.invalid([problem, problem]), 422, "/a/b: vars.x: is wrong (and 1 more)"),
            (
                .breaks([problem], machines: 1), 422,
                "the change would break one machine's definition: /a/b: vars.x: is wrong"
            ),
            (
                .breaks([problem], machines: 30), 422,
                "the change would break the definitions of 30 machines: /a/b: vars.x: is wrong"
            ),
            (.broken(path, [problem]), 409, "the definition of /a/b is broken: /a/b: vars.x: is wrong"),
            (.inTheWay(3, [problem]), 409, "revision 3 cannot be reverted: /a/b: vars.x: is wrong"),
            (.conflict(path, "no"), 409, "no"),
            (
                .refused(path, refusal), 409,
                "/a/b: cannot start while provisioned: the hypervisor has no VM for it; create it first"
            ),
            (.missing(path), 404, "/a/b does not exist"),
            (.unknownMachine("web"), 404, "no machine is called \"web\""),
            (.notFound("no"), 404, "no"),
            (
                .unauthenticated, 401,
                "expected a valid token or password: Authorization: Bearer TOKEN, or Basic with a user's name and password"
            ),
            (.expired(0), 401, "the token has expired: it was good until 1970-01-01T00:00:00.000Z"),
            (.forbidden("no"), 403, "no"),
            (.stale(path), 412, "/a/b has changed since it was read; read it again"),
            (
                .unconditional("/v1/x"), 412,
                "/v1/x has no entity tag to compare with; expected If-Match and If-None-Match on entries only"
            ),
            (
                .compacted("revision 3", oldest: 7), 410,
                "revision 3 is no longer kept; the oldest that is kept is revision 7"
            ),
            (.tooMany("no"), 413, "no"),
            (
                .store(StoreError(store: "f", .full)), 507,
                "f: no space is left, nothing was written; free space on its file system and repeat the request"
            ),
            (.store(StoreError(store: "f", .closed)), 503, "f: is closed"),
            (
                .hypervisor(DriverError(.failed, hypervisor: "m", "it broke")), 502, "hypervisor m: it broke"
            ),
        ]
        for (error, status, detail) in cases {
            #expect(error.document.status == status)
            #expect(error.document.detail == detail)
            #expect(error.document.map["status"] == .integer(status))
            #expect(error.document.map["title"] != "Error")
        }
    }
}
