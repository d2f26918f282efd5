import Foundation
import HTTP
import OrderedCollections
import Sessions
import Testing
import Tree

@testable import Service

@Suite("Logging in")
struct SessionRouteTests {
    private let password = "correct horse battery"

    @Test("the password grant gives a session that lets in as bearer, for an hour, and is not to be cached")
    func grant() async throws {
        try await Site.with { site in
            try await site.addUser("jana", password)
            let reply = try await site.logIn("jana", password)
            #expect(reply.status == 200 && reply["token_type"] == "Bearer" && reply["expires_in"] == 3_600)
            #expect(reply.header("Cache-Control") == "no-store")
            let session = try #require(reply["access_token"]?.string)
            let who = try await site.ask("GET", "/v1/whoami", as: .bearer(session))
            #expect(who["principal"] == "jana" && who["superuser"] == false)
            // Not as a password, nor as a token's.
            #expect(try await site.ask("GET", "/v1/whoami", as: .basic("token", session)).status == 401)
            #expect(try await site.ask("GET", "/v1/whoami", as: .basic("jana", session)).status == 401)
        }
    }

    @Test("a session with a scope is narrowed to these rights")
    func scope() async throws {
        try await Site.with { site in
            try await site.addUser("jana", password, ["superuser": true])
            let reply = try await site.logIn("jana", password, scope: "view start")
            #expect(reply["scope"] == "view start")
            let session = try #require(reply["access_token"]?.string)
            let who = try await site.ask("GET", "/v1/whoami", as: .bearer(session))
            #expect(who["superuser"] == false && who["bounds"] == ["rights": ["view", "start"]])
            #expect(try await site.ask("POST", "/v1/tokens", [:], as: .bearer(session)).status == 403)
            #expect(try await site.logIn("jana", password, scope: "everything")["error"] == "invalid_scope")
        }
    }

    @Test(
        "what is no password grant is refused as OAuth has it",
        arguments: [
            ("", "invalid_request", "expected grant_type=password"),
            ("grant_type=client_credentials", "unsupported_grant_type", "the one grant_type that there is is password"),
            ("grant_type=password&username=jana", "invalid_request", "expected username and password"),
            (
                "grant_type=password&username=a&username=b&password=c", "invalid_request",
                "username is given more than once"
            ),
            ("grant_type=password&username=jana&password=wrong", "invalid_grant", "the name or the password is wrong"),
            (
                "grant_type=password&username=nobody&password=wrong", "invalid_grant",
                "the name or the password is wrong"
            ),
            ("grant_type=password&username=jana&password=%ff", "invalid_request", "expected a body of type"),
        ])
    func refusals(_ form: String, _ error: String, _ description: String) async throws {
        try await Site.with { site in
            try await site.addUser("jana", password)
            let reply = try await Client(port: site.server.port).send(
                "POST", "/oauth/token", headers: [("Content-Type", "application/x-www-form-urlencoded")],
                body: Array(form.utf8))
            #expect(reply.status == 400 && reply["error"]?.string == error, "\(reply.text)")
            #expect(reply["error_description"]?.string?.contains(description) == true, "\(reply.text)")
        }
    }

    @Test("a session that was altered, has another algorithm or none, or another's signature lets nobody in")
    func forgeries() async throws {
        try await Site.with { site in
            try await site.addUser("jana", password)
            let session = try #require(try await site.logIn("jana", password)["access_token"]?.string)
            let parts = session.components(separatedBy: ".")
            let payload = try #require(Base64.text(parts[1]))
            let other = Base64.url(payload.replacingOccurrences(of: "jana", with: "admin"))
            let none = Base64.url(#"{"alg":"none","typ":"JWT"}"#)
            for forged in [
                "\(parts[0]).\(other).\(parts[2])", "\(none).\(parts[1]).", "\(none).\(parts[1]).\(parts[2])",
                "\(parts[0]).\(parts[1]).", "\(parts[0]).\(parts[1])", session + "A", String(session.dropLast()),
                "\(parts[0]).\(parts[1]).\(parts[2]).\(parts[2])",
            ] {
                let reply = try await site.ask("GET", "/v1/whoami", as: .bearer(forged))
                #expect(reply.status == 401, "\(forged)")
                #expect(!reply.text.contains(parts[2]))
            }
            #expect(try await site.ask("GET", "/v1/whoami", as: .bearer(session)).status == 200)
        }
    }

    @Test("a new password ends the sessions of the old one, and a session ends when its time is over")
    func ends() async throws {
        var options = Service.Options()
        options.sessionLength = 1
        try await Site.with(options) { site in
            try await site.addUser("jana", password)
            let session = try #require(try await site.logIn("jana", password)["access_token"]?.string)
            let known = try #require(try await site.logIn("jana", password)["access_token"]?.string)
            _ = try await site.ask("GET", "/v1/whoami", as: .bearer(known))
            try await Task.sleep(for: .milliseconds(2_100))
            for session in [session, known] {
                let reply = try await site.ask("GET", "/v1/whoami", as: .bearer(session))
                #expect(reply.status == 401)
                #expect(reply.detail.hasPrefix("the token has expired: it was good until "), "\(reply.text)")
                let forged = try await site.ask("GET", "/v1/whoami", as: .bearer(String(session.dropLast()) + "!"))
                #expect(forged.status == 401 && !forged.detail.contains("expired"))
            }
        }
        try await Site.with { site in
            try await site.addUser("jana", password)
            let session = try #require(try await site.logIn("jana", password)["access_token"]?.string)
            _ = try await site.patch("/v1/users/jana", ["password": "a fresh long secret"])
            #expect(try await site.ask("GET", "/v1/whoami", as: .bearer(session)).status == 401)
        }
    }

    @Test("a new key logs nobody out; dropped keys end every session")
    func rotation() async throws {
        try await Site.with { site in
            try await site.addUser("jana", password)
            let old = try #require(try await site.logIn("jana", password)["access_token"]?.string)
            let file = KeyFile(path: site.directory + "/session.keys")
            let ring = try #require(try file.read())
            try file.write(try ring.rotated(now: Clock.now / 1_000))
            try await site.service.reloadKeys()
            let new = try #require(try await site.logIn("jana", password)["access_token"]?.string)
            for session in [old, new] {
                #expect(try await site.ask("GET", "/v1/whoami", as: .bearer(session)).status == 200)
            }
            try file.write(try ring.rotated(now: Clock.now / 1_000, keeping: false))
            try await site.service.reloadKeys()
            for session in [old, new] {
                #expect(try await site.ask("GET", "/v1/whoami", as: .bearer(session)).status == 401)
            }
        }
    }
}

/// base64url (RFC 4648 §5).
private enum Base64 {
    static func url(_ text: String) -> String {
        Data(text.utf8).base64EncodedString().replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    }

    static func text(_ part: String) -> String? {
        let plain = part.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        let padded = plain + String(repeating: "=", count: (4 - plain.count % 4) % 4)
        return Data(base64Encoded: padded).flatMap { String(bytes: $0, encoding: .utf8) }
    }
}
