import Foundation
import HTTP
import OrderedCollections
import Store
import TestSupport
import Testing
import Tree

@testable import Service

@Suite("What the audit log tells")
struct AuditRouteTests {
    private let password = "correct horse battery"

    @Test("who did what, from where, with which key, by which right, and what it made")
    func done() async throws {
        try await Site.with(tree: Trees.lab) { site in
            _ = try await site.patch("/v1/tree/so/common", ["access": ["managers": ["@teachers"]]])
            try await site.addUser("jana", password)
            _ = try await site.post("/v1/groups", ["name": "teachers", "members": ["jana"]])
            let token = try await site.addToken(as: .basic("jana", password))
            let written = try await site.ask("PATCH", "/v1/tree/so/ana/web", ["note": "x"], as: .bearer(token))
            #expect(written.status == 200, "\(written.text)")
            let row = try #require(try await site.rows().first)
            #expect(row["principal"] == "jana" && row["key"] == "token 2" && row["address"] == "127.0.0.1")
            #expect(row["action"] == "write" && row["path"] == "/so/ana/web" && row["result"] == "done")
            #expect(row["revision"] == 4 && row["grounds"] == "manager as @teachers from /so")
            let accepted = try await site.ask("POST", "/v1/tree/so/ana:create", as: .bearer(token))
            let begun = try #require(try await site.rows().first)
            #expect(begun["action"] == "create" && begun["path"] == "/so/ana")
            #expect(begun["operation"] == accepted["id"])
        }
    }

    @Test("every way to change something leaves its row, with the change")
    func every() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let id = try await site.post("/v1/tokens", ["folder": "/so", "rights": ["view"]])["id"]?.integer ?? 0
            try await site.addUser("jana", password)
            _ = try await site.patch("/v1/users/jana", ["superuser": true, "password": "another long secret"])
            _ = try await site.post("/v1/groups", ["name": "teachers"])
            _ = try await site.patch("/v1/groups/teachers", ["add": ["jana"]])
            _ = try await site.delete("/v1/groups/teachers")
            _ = try await site.delete("/v1/users/jana")
            _ = try await site.delete("/v1/tokens/\(id)")
            _ = try await site.put("/v1/tree/so/zoe", ["kind": "folder", "definition": [:]])
            _ = try await site.post("/v1/tree/so/zoe:copy", ["to": "/so/eva"])
            _ = try await site.post("/v1/tree/so/zoe:move", ["to": "/so/uma"])
            _ = try await site.delete("/v1/tree/so/uma")
            _ = try await site.post("/v1/revisions/6:revert")
            _ = try await site.post("/v1/plan", ["entries": []])
            let accepted = try await site.post("/v1/tree/ai/gpu:create")
            _ = try await site.delete(accepted.header("Location") ?? "")
            await site.settle()
            let rows = try await site.rows("after=0&limit=1000").map { row in
                [row["action"], row["path"], row["subject"]].compactMap { $0?.string }.joined(separator: " ")
            }
            #expect(
                rows.prefix(14) == [
                    "write /", "apply /", "add token 2 of ana: /so, view", "add user jana",
                    "change user jana: password, superuser", "add group teachers", "change group teachers: +jana",
                    "remove group teachers", "remove user jana", "remove token 2 of ana", "write /so/zoe",
                    "copy /so/zoe", "move /so/zoe", "delete /so/uma",
                ])
            #expect(rows.dropFirst(14).prefix(2) == ["revert /so/uma revision 6", "create /ai/gpu"], "\(rows)")
            #expect(try AuditCheck(file: site.store.file).problems == [])
        }
    }

    @Test("nobody whether a user or a group that he asks for exists, which is hidden from him")
    func subjects() async throws {
        try await Site.with(tree: Trees.lab) { site in
            try await site.addUser("jana", password)
            try await site.addUser("eva", password)
            _ = try await site.post("/v1/groups", ["name": "teachers"])
            let token = try await site.addToken(as: .basic("jana", password))
            for thing in ["users/eva", "users/nil", "groups/teachers", "groups/nothing"] {
                #expect(try await site.ask("DELETE", "/v1/\(thing)", as: .bearer(token)).status == 404)
            }
            await site.settle()
            let own = try await site.ask("GET", "/v1/audit?result=refused", as: .bearer(token))
            let rows = (own["entries"]?.list ?? []).compactMap(\.map)
            #expect(rows.count == 4 && rows.allSatisfy { $0["status"] == 404 && $0["subject"] == nil }, "\(own.text)")
            let all = try await site.rows("result=refused").compactMap { $0["subject"] }
            #expect(Set(all) == ["eva", "teachers"])
        }
    }

    @Test("every route that changes something is told of, and no other")
    func routes() {
        let silent = ServiceRoute.all.filter { !$0.isAudited && $0.method != .get }.map(\.pattern)
        #expect(Set(silent) == ["/oauth/token", "/v1/plan"])
        let reads = ServiceRoute.all.filter { $0.isAudited && $0.method == .get }.map(\.pattern)
        #expect(reads == ["/v1/tree/{path...}:console"])
        let actions = Set(ServiceRoute.all.filter(\.isAudited).map(\.action))
        #expect(
            actions.isSuperset(of: [
                "write", "delete", "copy", "move", "apply", "revert", "adopt", "create", "start", "stop", "console",
                "add user", "change user", "remove user", "add group", "add token", "remove token", "cancel operation",
            ]))
        #expect(actions.allSatisfy { !$0.contains("/") }, "\(actions)")
    }

    @Test("what was refused is told with its status, and says nothing that was sent")
    func refused() async throws {
        try await Site.with(tree: Trees.lab) { site in
            try await site.addUser("jana", password)
            _ = try await site.patch("/v1/tree/so/common", ["access": ["readers": ["jana"]]])
            let jana = Key.basic("jana", password)
            let secret: Value = ["vars": ["password": "s3cret-s3cret"]]
            #expect(try await site.ask("PATCH", "/v1/tree/so/ana/web", secret, as: jana).status == 403)
            #expect(try await site.ask("PATCH", "/v1/tree/ai/gpu", secret, as: jana).status == 404)
            #expect(try await site.patch("/v1/tree/so/ana/web", ["hardware": "s3cret-s3cret"]).status == 422)
            #expect(try await site.ask("POST", "/v1/users", ["name": "s3cret"], as: jana).status == 404)
            #expect(try await site.ask("DELETE", "/v1/users/s3cret-s3cret", as: jana).status == 404)
            await site.settle()
            let answer = try await site.get("/v1/audit?result=refused")
            let rows = (answer["entries"]?.list ?? []).compactMap(\.map)
            #expect(
                rows.map { [$0["principal"], $0["action"], $0["path"], $0["status"]] } == [
                    ["jana", "remove user", nil, 404], ["jana", "add user", nil, 404],
                    ["ana", "write", "/so/ana/web", 422],
                    ["jana", "write", "/ai/gpu", 404], ["jana", "write", "/so/ana/web", 403],
                ])
            #expect(!answer.text.contains("s3cret"))
            for file in try FileManager.default.contentsOfDirectory(atPath: site.directory) {
                let bytes = FileManager.default.contents(atPath: "\(site.directory)/\(file)") ?? Data()
                #expect(bytes.range(of: Data("s3cret".utf8)) == nil, "\(file)")
            }
        }
    }

    @Test("who comes in with a password is told, who does not too, many attempts of a minute as one")
    func comingIn() async throws {
        try await Site.with { site in
            try await site.addUser("jana", password)
            _ = try await site.logIn("jana", "s3cret-guess")
            _ = try await site.logIn("jana", password)
            let wrong = Key.bearer("hw_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
            for _ in 1...50 { _ = try await site.ask("GET", "/v1/whoami", as: wrong) }
            _ = try await site.ask("GET", "/v1/whoami", as: nil)
            await site.settle()
            let rows = try await site.rows("after=2")
            #expect(
                rows.map { [$0["principal"], $0["key"], $0["result"], $0["times"]] } == [
                    ["jana", "password", "refused", nil], ["jana", "password", "done", nil],
                    [nil, "token", "refused", nil], [nil, "token", "refused", 49],
                ])
        }
    }

    @Test("a superuser sees all, who may grant somewhere what is done there, everybody what he did himself")
    func visibility() async throws {
        try await Site.with(tree: Trees.lab) { site in
            for name in ["jana", "petr"] { try await site.addUser(name, password) }
            _ = try await site.patch(
                "/v1/tree/so/common", ["access": ["managers": ["jana"], "readers": ["petr"]]])
            _ = try await site.patch("/v1/tree/ai/common", ["vars": ["a": 1]])
            _ = try await site.ask("PATCH", "/v1/tree/so/ana/db", ["note": "x"], as: .basic("petr", password))
            await site.settle()
            let (jana, petr) = (Key.basic("jana", password), Key.basic("petr", password))
            let seen = try await site.ask("GET", "/v1/audit?principal=petr&result=refused", as: jana)
            #expect(seen["entries"]?.list?.count == 1)
            #expect(!seen.text.contains("hash"))
            let all = try await site.ask("GET", "/v1/audit?limit=1000", as: jana)
            let paths = Set((all["entries"]?.list ?? []).compactMap { $0.map?["path"]?.string })
            #expect(paths == ["/so", "/so/ana/db"])
            let own = try await site.ask("GET", "/v1/audit?limit=1000", as: petr)
            #expect(Set((own["entries"]?.list ?? []).compactMap { $0.map?["principal"]?.string }) == ["petr"])
            let token = try await site.addToken(["rights": ["view"]], as: petr)
            #expect(try await site.ask("GET", "/v1/audit", as: .bearer(token))["entries"] == [])
        }
    }

    @Test("the log is followed: an answer that waits comes with the next row")
    func following() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let last = try #require(try await site.rows().first?["number"]?.integer)
            async let next = site.get("/v1/audit?after=\(last)&wait=30")
            try await Task.sleep(for: .milliseconds(300))
            _ = try await site.patch("/v1/tree/so/common", ["note": "x"])
            let reply = try await next
            #expect((reply["entries"]?.list ?? []).compactMap { $0.map?["path"]?.string } == ["/so"])
            #expect(try await site.get("/v1/audit?after=\(last + 1)&wait=1")["entries"] == [])
            #expect(try await site.get("/v1/audit?wait=5").detail == "wait: expected after=NUMBER with it")
            #expect(try await site.get("/v1/audit?result=no").detail == "result=no: expected done or refused")
            #expect(try await site.get("/v1/audit?since=now").status == 400)
        }
    }

    @Test("pages go on where the last one ended")
    func pages() async throws {
        try await Site.with { site in
            for number in 1...7 { _ = try await site.patch("/v1/tree/common", ["note": .string("\(number)")]) }
            var (numbers, before) = ([Int](), "")
            for _ in 1...5 {
                let page = try await site.get("/v1/audit?limit=3\(before)")
                numbers += (page["entries"]?.list ?? []).compactMap { $0.map?["number"]?.integer }
                guard let next = page["next"]?.integer else { break }
                before = "&before=\(next)"
            }
            #expect(numbers == [8, 7, 6, 5, 4, 3, 2, 1])
        }
    }
}

extension Site {
    /// The rows that a superuser sees, once all that was noted is written.
    fileprivate func rows(_ query: String = "") async throws -> [Map] {
        let answer = try await get("/v1/audit?\(query)")
        try #require(answer.status == 200, "\(answer.text)")
        return (answer["entries"]?.list ?? []).compactMap(\.map)
    }

    /// Has all that waits to be told written to the log.
    fileprivate func settle() async { service.settleAudit() }
}
