import Foundation
import OrderedCollections
import Store
import TestSupport
import Testing
import Tree

@testable import Service

@Suite("Tokens")
struct TokenRouteTests {
    private let password = "correct horse battery"

    @Test("a token is shown once, when it is made, and kept as a hash only")
    func once() async throws {
        try await Site.with { site in
            let reply = try await site.post("/v1/tokens", ["note": "for the compiler"])
            #expect(reply.status == 201 && reply.header("Cache-Control") == "no-store")
            let token = try #require(reply["token"]?.string)
            #expect(token.hasPrefix("hw_") && token.count == 46)
            #expect(try await site.ask("GET", "/v1/whoami", as: .bearer(token)).status == 200)
            let id = try #require(reply["id"]?.integer)
            for place in ["/v1/tokens", "/v1/tokens/\(id)"] {
                let shown = try await site.get(place)
                #expect(shown.text.contains("for the compiler") && !shown.text.contains(token))
            }
            try site.store.close()
            for file in try FileManager.default.contentsOfDirectory(atPath: site.directory) {
                let bytes = FileManager.default.contents(atPath: "\(site.directory)/\(file)") ?? Data()
                #expect(bytes.range(of: Data(token.utf8)) == nil, "\(file)")
                #expect(bytes.range(of: Data(token.dropFirst(3).utf8)) == nil, "\(file)")
            }
        }
    }

    @Test("what is revoked lets in no more, with the next request")
    func revocation() async throws {
        try await Site.with { site in
            let token = try await site.addToken(["note": "old"])
            for _ in 1...3 { #expect(try await site.ask("GET", "/v1/whoami", as: .bearer(token)).status == 200) }
            let own = try await site.ask("GET", "/v1/tokens/self", as: .bearer(token))
            #expect(own["note"] == "old")
            let id = try #require(own["id"]?.integer)
            #expect(try await site.delete("/v1/tokens/\(id)").status == 204)
            #expect(try await site.ask("GET", "/v1/whoami", as: .bearer(token)).status == 401)
            let again = try await site.delete("/v1/tokens/\(id)")
            #expect(again.detail == "there is no token \"\(id)\"; tokens have numbers")
        }
    }

    @Test("who holds a token that has expired is told so; a wrong one is told nothing of the kind")
    func expiry() async throws {
        try await Site.with { site in
            let soon = Clock.text(Clock.now + 4_000)
            let token = try await site.addToken(["expires": .string(soon)])
            try await eventually("the token has expired") {
                try await site.ask("GET", "/v1/whoami", as: .bearer(token)).status == 401
            }
            let expired = try await site.ask("GET", "/v1/whoami", as: .bearer(token))
            #expect(expired.detail == "the token has expired: it was good until \(soon)")
            #expect(expired.header("WWW-Authenticate") != nil)
            let other = String(token.dropLast(2)) + (token.hasSuffix("AA") ? "BB" : "AA")
            let wrong = try await site.ask("GET", "/v1/whoami", as: .bearer(other))
            #expect(wrong.status == 401 && !wrong.detail.contains("expired"))
            let revoked = try await site.addToken(["expires": .string(Clock.text(Clock.now + 3_600_000))])
            let id = try #require(
                try await site.ask("GET", "/v1/tokens/self", as: .bearer(revoked))["id"]?.integer)
            _ = try await site.delete("/v1/tokens/\(id)")
            let gone = try await site.ask("GET", "/v1/whoami", as: .bearer(revoked))
            #expect(gone.status == 401 && gone.detail == wrong.detail)
        }
    }

    @Test("an answer that was waited for is not given to who was let in when the wait began and is not at its end")
    func waiting() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let token = try await site.addToken()
            let accepted = try await site.post("/v1/tree/so:create")
            let place = try #require(accepted.header("Location"))
            _ = try await site.get("\(place)?wait=60")
            // One that never ends by itself: what it waits for is gone with the token.
            let id = try #require(
                try await site.ask("GET", "/v1/tokens/self", as: .bearer(token))["id"]?.integer)
            #expect(try await site.ask("GET", "\(place)?wait=1", as: .bearer(token)).status == 200)
            _ = try await site.delete("/v1/tokens/\(id)")
            #expect(try await site.ask("GET", "\(place)?wait=1", as: .bearer(token)).status == 401)
        }
    }

    @Test("a user makes tokens for himself, and sees and revokes his own; a superuser everybody's")
    func owners() async throws {
        try await Site.with { site in
            try await site.addUser("jana", password)
            try await site.addUser("petr", password)
            let jana = Key.basic("jana", password)
            let token = try await site.addToken(["note": "laptop"], as: jana)
            #expect(try await site.ask("GET", "/v1/whoami", as: .bearer(token))["principal"] == "jana")
            #expect(try await site.ask("GET", "/v1/tokens", as: jana)["tokens"]?.list?.count == 1)
            #expect(try await site.get("/v1/tokens")["tokens"]?.list?.count == 2)
            let other = try await site.ask("POST", "/v1/tokens", ["owner": "petr"], as: jana)
            #expect(other.status == 403 && other.detail == "only a superuser makes tokens for others")
            let given = try await site.addToken(["owner": "petr"])
            #expect(try await site.ask("GET", "/v1/whoami", as: .bearer(given))["principal"] == "petr")
            let list = try await site.get("/v1/tokens")["tokens"]?.list ?? []
            let id = try #require(list.first { $0.map?["owner"] == "petr" }?.map?["id"]?.integer)
            #expect(try await site.ask("DELETE", "/v1/tokens/\(id)", as: jana).status == 404)
            let stranger = try await site.post("/v1/tokens", ["owner": "nobody"])
            #expect(stranger.detail == "owner: there is no user \"nobody\"")
        }
    }

    @Test("a token that is narrowed makes no tokens, users or groups, and gives itself up")
    func narrowed() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let token = try await site.addToken([
                "folder": "/so", "rights": ["view"], "expires": "2099-01-31T12:00:00Z",
            ])
            let key = Key.bearer(token)
            let who = try await site.ask("GET", "/v1/whoami", as: key)
            #expect(who["principal"] == "ana" && who["superuser"] == false)
            #expect(who["bounds"] == ["folder": "/so", "rights": ["view"]])
            #expect(who["expires"] == "2099-01-31T12:00:00.000Z")
            #expect(try await site.ask("GET", "/enc/\(Trees.web)", as: key).status == 200)
            #expect(try await site.ask("GET", "/enc/\(Trees.gpu)", as: key).status == 404)
            #expect(try await site.ask("POST", "/v1/tree/so/ana/web:create", as: key).status == 403)
            let refused = try await site.ask("POST", "/v1/tokens", [:], as: key)
            #expect(refused.status == 403)
            #expect(try await site.ask("POST", "/v1/users", ["name": "eva"], as: key).status == 404)
            #expect(try await site.ask("GET", "/v1/tokens", as: key)["tokens"]?.list?.count == 1)
            #expect(try await site.ask("DELETE", "/v1/tokens/1", as: key).status == 404)
            #expect(try await site.ask("DELETE", "/v1/tokens/self", as: key).status == 204)
            #expect(try await site.ask("GET", "/v1/whoami", as: key).status == 401)
        }
    }

    @Test("a token made with one that ends, ends no later")
    func ends() async throws {
        try await Site.with { site in
            let token = try await site.addToken(["expires": "2099-01-01T00:00:00Z"])
            let longer = try await site.ask("POST", "/v1/tokens", [:], as: .bearer(token))
            #expect(
                longer.detail == "a token made with a token ends no later than that one: at 2099-01-01T00:00:00.000Z")
            _ = try await site.addToken(["expires": "2098-01-01T00:00:00Z"], as: .bearer(token))
        }
    }

    @Test(
        "wishes that mean nothing are refused, with what would be right",
        arguments: [
            (#"{"expires": "tomorrow"}"#, "expires: expected a time such as 2027-01-31T12:00:00Z, found \"tomorrow\""),
            (#"{"expires": "2001-01-01T00:00:00Z"}"#, "expires: 2001-01-01T00:00:00.000Z is over already"),
            (#"{"rights": ["veiw"]}"#, "rights: \"veiw\" is none; did you mean \"view\"?"),
            (#"{"rights": []}"#, "rights: expected one at least"),
            (#"{"folder": "/nowhere"}"#, "/nowhere does not exist"),
            (#"{"folder": "/so/ana/web"}"#, "folder: /so/ana/web is no folder"),
            (#"{"certname": "nobody.lab.example"}"#, "no machine is called \"nobody.lab.example\""),
            (#"{"note": "a\nb"}"#, "note: expected one line of 200 characters at most"),
            (#"{"foldr": "/so"}"#, "folder"),
        ])
    func wishes(_ body: String, _ expected: String) async throws {
        try await Site.with(tree: Trees.lab) { site in
            let reply = try await site.send(
                "POST", "/v1/tokens", [("Content-Type", "application/json")], body: Array(body.utf8))
            #expect([400, 404].contains(reply.status) && reply.detail.contains(expected), "\(reply.text)")
        }
    }
}
