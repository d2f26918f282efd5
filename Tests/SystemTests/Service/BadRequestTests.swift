import Formats
import Foundation
import Testing
import Tree

@Suite("Requests that are refused", .serialized)
struct BadRequestTests {
    @Test("each has its status and a text that helps, and changes nothing")
    func refusals() async throws {
        try await Daemon.run { daemon in
            let api = daemon.api
            try await api.put("/first", "vm", ["certname": "first.example"])
            let revision = try await api.send("GET", "/v1/whoami").revision
            for request in BadRequest.all {
                let answer = try await api.send(
                    request.method, request.path, request.body.map { Array($0.utf8) }, type: request.type)
                let name = Comment(rawValue: request.title)
                #expect(answer.status == request.status, name)
                #expect(answer.detail == request.detail, name)
                #expect(answer.headers["content-type"] == "application/problem+json", name)
                #expect(answer.revision == revision, name)
                let problem = try answer.json
                #expect(problem["status"] == .integer(request.status), name)
                #expect(problem["line"]?.integer == request.place?.line, name)
                #expect(problem["column"]?.integer == request.place?.column, name)
                #expect(problem["key"]?.string == request.key, name)
                if request.status == 405 { #expect(answer.headers["allow"]?.isEmpty == false, name) }
            }
            #expect(try await api.get("/v1/tree/?recursive=true")["entries"]?.list?.count == 2)
        }
    }

    @Test("a change above that would break machines below is refused with all of them")
    func breaking() async throws {
        try await Daemon.run { daemon in
            try await daemon.api.put("/lab", "folder", ["vars": ["site": "x"]])
            for number in 1...25 {
                try await daemon.api.put("/lab/m\(number)", "vm", ["vars": ["s": "${{ vars.site }}"]])
            }
            let answer = try await daemon.api.send("PUT", "/v1/tree/lab/common", [:] as Value)
            #expect(answer.status == 422)
            #expect(try answer.json["machines"] == 25)
            #expect(try answer.json["problems"]?.list?.count == 20)
            #expect(
                answer.detail?.hasPrefix("the change would break the definitions of 25 machines: /lab/m1: vars.s: ")
                    == true)
            #expect(try await daemon.api.get("/v1/tree/lab/common")["vars"] == ["site": "x"])
        }
    }

    @Test("no token, a wrong one and a wrong password are told apart from nothing else")
    func tokens() async throws {
        try await Daemon.run { daemon in
            try await daemon.api.put("/web")
            let detail =
                "expected a valid token or password: Authorization: Bearer TOKEN, or Basic with a user's name and password"
            let basic = Data("token:wrong".utf8).base64EncodedString()
            let callers: [(API, [String: String])] = [
                (API(url: daemon.url), [:]), (API(url: daemon.url, token: "wrong"), [:]),
                (API(url: daemon.url), ["Authorization": "Basic \(basic)"]),
                (API(url: daemon.url), ["Authorization": "Basic ***"]),
            ]
            for (api, headers) in callers {
                for path in ["/enc/web", "/v1/tree/", "/v1/nothing", "/metrics"] {
                    let answer = try await api.send("GET", path, headers: headers)
                    #expect(answer.status == 401, "\(path)")
                    #expect(answer.detail == detail, "\(path)")
                    #expect(answer.headers["www-authenticate"]?.contains("Bearer") == true, "\(path)")
                }
                #expect(try await api.send("GET", "/healthz", headers: headers).status == 200)
            }
            let good = Data("token:\(daemon.token)".utf8).base64EncodedString()
            let answer = try await API(url: daemon.url).send(
                "GET", "/enc/web", headers: ["Authorization": "Basic \(good)"])
            #expect(answer.status == 200)
        }
    }

    @Test("a body or a head over the limit is refused, and a body is not read to its end")
    func large() async throws {
        try await Daemon.run { daemon in
            let limit = 16 << 20
            let body = String(repeating: " ", count: limit)
            let curl = try Repository.tool("curl")
            func answer(_ arguments: [String], _ body: String) async throws -> Outcome {
                try await run(
                    curl,
                    ["-sS", "-H", "Authorization: Bearer \(daemon.token)", "-H", "Content-Type: application/json"]
                        + arguments, input: body)
            }
            let detail = "the body is too large: expected at most \(limit) bytes"
            for framing in ["Expect:", "Transfer-Encoding: chunked"] {
                let over = try await answer(
                    ["-H", framing, "--data-binary", "@-", "\(daemon.url)/v1/apply"], body + " ")
                #expect(try over.json["status"] == 413, "\(framing): \(over.errors)")
                #expect(try over.json["detail"] == .string(detail), "\(framing)")
            }
            let just = try await answer(["--data-binary", "@-", "\(daemon.url)/v1/apply"], "{}" + body.dropLast(2))
            #expect(try just.json["entries"] == 0, "\(just.output)\(just.errors)")
            let head = try await answer(
                ["-H", "X-Long: \(String(repeating: "x", count: 20_000))", "\(daemon.url)/v1/whoami"], "")
            #expect(
                try head.json["detail"]
                    == "the request's line and headers are too large: expected at most 16384 bytes", "\(head.output)")
        }
    }

    @Test("bad input, over and over, takes no memory for good")
    func memory() async throws {
        try await Daemon.run { daemon in
            let api = daemon.api
            try await api.put("/first", "vm", ["certname": "first.example"])
            let big =
                #"{"kind": "vm", "definition": {"vars": {"a": "\#(String(repeating: "x", count: 1 << 16))", "b": "${{ vars.c }}"}}}"#
            func round() async throws {
                for request in BadRequest.all {
                    _ = try await api.send(
                        request.method, request.path, request.body.map { Array($0.utf8) }, type: request.type)
                }
                for _ in 0..<5 { #expect(try await api.send("PUT", "/v1/tree/big", Array(big.utf8)).status == 422) }
                for _ in 0..<20 {
                    let connection = try RawConnection(daemon.url)
                    connection.send("PUT /v1/tree/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n{")
                }
            }
            for _ in 0..<5 { try await round() }
            let before = try daemon.residentBytes
            for _ in 0..<15 { try await round() }
            let grown = try daemon.residentBytes - before
            #expect(grown < 32 << 20, "15 rounds took \(grown >> 20) MiB")
            #expect(try await api.get("/v1/tree/?recursive=true")["entries"]?.list?.count == 2)
        }
    }
}
