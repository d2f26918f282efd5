import Foundation
import HTTP
import OrderedCollections
import Store
import Testing
import Tree

@testable import Service

@Suite("Users and groups")
struct UserRouteTests {
    private let password = "correct horse battery"

    @Test("a user is added, seen, changed and removed; what is shown never has the password or its hash")
    func life() async throws {
        try await Site.with { site in
            let added = try await site.post("/v1/users", ["name": "jana", "password": .string(password)])
            #expect(added.status == 201)
            #expect(added["name"] == "jana" && added["superuser"] == false && added["disabled"] == false)
            #expect(added["password"] == true && added["groups"] == [])
            let same = try await site.get("/v1/users/jana")
            #expect(same.json == added.json)
            #expect(try await site.get("/v1/users")["users"] == .list([added.json]))
            #expect(!same.text.contains("argon2") && !same.text.contains(password))
            #expect(try site.store.users()[0].password?.hasPrefix("$argon2id$") == true)
            let changed = try await site.patch("/v1/users/jana", ["superuser": true])
            #expect(changed["superuser"] == true)
            #expect(try await site.ask("GET", "/v1/users", as: .basic("jana", password)).status == 200)
            #expect(try await site.delete("/v1/users/jana").status == 204)
            #expect(try await site.get("/v1/users/jana").detail == "there is no user \"jana\"")
            #expect(try await site.ask("GET", "/v1/whoami", as: .basic("jana", password)).status == 401)
        }
    }

    @Test(
        "what cannot be a user is refused, with what would be right, and no answer quotes a password",
        arguments: [
            (#"{"name": "Jana"}"#, "the user's name \"Jana\" is no name: expected 1 to 63 of a-z"),
            (#"{"name": "@jana"}"#, "is no name"), (#"{"name": "jаna"}"#, "is no name"),
            (#"{"name": ""}"#, "is no name"),
            (#"{"name": "admin"}"#, "this name is Headwater's own"), (#"{"name": "token"}"#, "Headwater's own"),
            (#"{"name": "ana"}"#, "there are tokens of a principal ana already"),
            (#"{}"#, "expected a \"name\""), (#"{"name": "eva", "pasword": "s3cret-s3cret"}"#, "password"),
            (#"{"name": "eva", "password": "s3cret"}"#, "expected 12 characters or more"),
            (#"{"name": "eva-of-the-north", "password": "EVA-of-the-north"}"#, "the password is the user's name"),
            (#"{"name": "eva", "password": "s3cret-s3cret\u0007"}"#, "none of them a control character"),
            (#"{"name": "eva", "password": ["s3cret-s3cret"]}"#, "expected \"password\" to be a string"),
            (#"{"name": "eva", "password": "s3cret-s3cret"#, "it is not shown, for it may hold secrets"),
            (#"{"name": "eva", "old": "s3cret-s3cret"}"#, "\"old\" is for one who has a password already"),
        ])
    func refusals(_ body: String, _ expected: String) async throws {
        try await Site.with { site in
            let reply = try await site.send(
                "POST", "/v1/users", [("Content-Type", "application/json")], body: Array(body.utf8))
            #expect([400, 409].contains(reply.status), "\(reply.text)")
            #expect(reply.detail.contains(expected), "\(reply.detail)")
            #expect(!reply.text.contains("s3cret"), "\(reply.text)")
            #expect(try site.store.users().isEmpty)
        }
    }

    @Test("a user sees himself and no other, changes his password by showing it, and nothing of his standing")
    func oneself() async throws {
        try await Site.with { site in
            try await site.addUser("jana", password)
            try await site.addUser("petr", "another long secret")
            let jana = Key.basic("jana", password)
            #expect(try await site.ask("GET", "/v1/users", as: jana)["users"]?.list?.count == 1)
            #expect(try await site.ask("GET", "/v1/users/petr", as: jana).status == 404)
            #expect(try await site.ask("GET", "/v1/groups", as: jana).status == 404)
            #expect(try await site.ask("POST", "/v1/users", ["name": "eva"], as: jana).status == 404)
            #expect(try await site.ask("PATCH", "/v1/users/petr", ["disabled": true], as: jana).status == 404)
            #expect(try await site.ask("PATCH", "/v1/users/jana", ["superuser": true], as: jana).status == 403)
            let fresh: Value = "a fresh long secret"
            let blind = try await site.ask("PATCH", "/v1/users/jana", ["password": fresh], as: jana)
            #expect(blind.detail == "expected \"old\" to be the password as it is")
            let wrong = try await site.ask(
                "PATCH", "/v1/users/jana", ["password": fresh, "old": "no, not at all"], as: jana)
            #expect(wrong.status == 403 && wrong.detail == "\"old\" is not the password as it is")
            let right = try await site.ask(
                "PATCH", "/v1/users/jana", ["password": fresh, "old": .string(password)], as: jana)
            #expect(right.status == 200, "\(right.text)")
            #expect(try await site.ask("GET", "/v1/whoami", as: jana).status == 401)
            #expect(try await site.ask("GET", "/v1/whoami", as: .basic("jana", "a fresh long secret")).status == 200)
        }
    }

    @Test(
        "who is disabled is let in by nothing, at once; enabled again, by his password and by nothing that he held before"
    )
    func disabling() async throws {
        try await Site.with { site in
            try await site.addUser("jana", password)
            let token = try await site.addToken(as: .basic("jana", password))
            let session = try #require(try await site.logIn("jana", password)["access_token"]?.string)
            let held: [Key] = [.bearer(token), .bearer(session)]
            for (isDisabled, byPassword, byHeld) in [(false, 200, 200), (true, 401, 401), (false, 200, 401)] {
                // A second time changes nothing.
                for _ in 1...2 {
                    _ = try await site.patch("/v1/users/jana", ["disabled": .bool(isDisabled)])
                    for key in held { #expect(try await site.ask("GET", "/v1/whoami", as: key).status == byHeld) }
                    let reply = try await site.ask("GET", "/v1/whoami", as: .basic("jana", password))
                    #expect(reply.status == byPassword)
                    #expect(try await site.logIn("jana", password).status == (isDisabled ? 400 : 200))
                }
            }
            let fresh = try await site.addToken(as: .basic("jana", password))
            #expect(try await site.ask("GET", "/v1/whoami", as: .bearer(fresh)).status == 200)
        }
    }

    @Test("a removed user takes his tokens and his place in groups along; another of that name gets neither")
    func removal() async throws {
        try await Site.with { site in
            try await site.addUser("jana", password)
            _ = try await site.post("/v1/groups", ["name": "teachers", "members": ["jana"]])
            let token = try await site.addToken(as: .basic("jana", password))
            let session = try #require(try await site.logIn("jana", password)["access_token"]?.string)
            _ = try await site.delete("/v1/users/jana")
            try await site.addUser("jana", password)
            #expect(try await site.ask("GET", "/v1/whoami", as: .bearer(token)).status == 401)
            #expect(try await site.ask("GET", "/v1/whoami", as: .bearer(session)).status == 401)
            let reply = try await site.ask("GET", "/v1/whoami", as: .basic("jana", password))
            #expect(reply["principal"] == "jana" && reply["groups"] == [])
        }
    }

    @Test("a group has users as members, by addition and removal, and who is in it is told so")
    func groups() async throws {
        try await Site.with { site in
            for name in ["jana", "petr", "eva"] { try await site.addUser(name, password) }
            let added = try await site.post("/v1/groups", ["name": "teachers", "members": ["petr", "jana", "jana"]])
            #expect(added.status == 201 && added["members"] == ["jana", "petr"])
            let changed = try await site.patch("/v1/groups/teachers", ["add": ["eva"], "remove": ["petr"]])
            #expect(changed["members"] == ["eva", "jana"])
            let who = try await site.ask("GET", "/v1/whoami", as: .basic("eva", password))
            #expect(who["groups"] == ["teachers"])
            let stranger = try await site.patch("/v1/groups/teachers", ["add": ["nobody"]])
            #expect(stranger.detail == "there is no user \"nobody\"; a group's members are users")
            #expect(try await site.post("/v1/groups", ["name": "teachers"]).status == 409)
            #expect(try await site.delete("/v1/groups/teachers").status == 204)
            #expect(try await site.get("/v1/groups")["groups"] == [])
            #expect(try await site.ask("GET", "/v1/whoami", as: .basic("eva", password))["groups"] == [])
        }
    }

    @Test(
        "what access in the tree gives a group holds for who is in it, from the moment he is and to the moment he is not"
    )
    func membership() async throws {
        try await Site.with(tree: Trees.lab) { site in
            try await site.addUser("jana", password)
            let jana = Key.basic("jana", password)
            _ = try await site.post("/v1/groups", ["name": "teachers"])
            _ = try await site.patch("/v1/tree/so/common", ["access": ["users": ["@teachers"]]])
            #expect(try await site.ask("GET", "/v1/tree/so/ana/web", as: jana).status == 404)
            _ = try await site.patch("/v1/groups/teachers", ["add": ["jana"]])
            #expect(try await site.ask("GET", "/v1/tree/so/ana/web", as: jana).status == 200)
            #expect(try await site.ask("DELETE", "/v1/tree/so/ana/web", as: jana).status == 403)
            let token = try await site.addToken(["rights": ["view"]], as: jana)
            #expect(try await site.ask("POST", "/v1/tree/so/ana/web:create", as: .bearer(token)).status == 403)
            let why = try await site.get("/v1/access/so/ana/web?principal=jana")
            #expect(why["roles"] == [["role": "user", "as": "@teachers", "from": "/so"]])
            _ = try await site.patch("/v1/groups/teachers", ["remove": ["jana"]])
            for key in [jana, .bearer(token)] {
                #expect(try await site.ask("GET", "/v1/tree/so/ana/web", as: key).status == 404)
            }
        }
    }

    @Test("what was written is there after a restart")
    func restart() async throws {
        try await Site.with { site in
            try await site.addUser("jana", password, ["superuser": true])
            let token = try await site.addToken(["note": "mine"], as: .basic("jana", password))
            let session = try #require(try await site.logIn("jana", password)["access_token"]?.string)
            let directory = site.directory
            site.server.stop()
            await site.service.close()
            try site.store.close()
            try await Site.resume(directory) { site async throws in
                for key in [Key.basic("jana", password), .bearer(token), .bearer(session)] {
                    let who = try await site.ask("GET", "/v1/whoami", as: key)
                    #expect(who["principal"] == "jana" && who["superuser"] == true)
                }
            }
        }
    }
}
