import Access
import Foundation
import HTTP
import OrderedCollections
import Secrets
import Store
import Testing
import Tree

@testable import Service

@Suite("Who asks")
struct AuthenticationTests {
    @Test("every route but /healthz, /readyz and /oauth/token answers 401 without a token, and says what it expects")
    func openRoutes() async throws {
        try await Site.with { site in
            let client = Client(port: site.server.port)
            var open: [String] = []
            for route in ServiceRoute.all {
                let reply = try await client.send(route.method.rawValue, route.example)
                #expect(reply.revision == 1, "\(route.pattern)")
                guard reply.status == 401 else {
                    open.append(route.pattern)
                    continue
                }
                #expect(
                    reply.detail
                        == "expected a valid token or password: Authorization: Bearer TOKEN, or Basic with a user's name and password"
                )
                let challenges = reply.headers.filter { $0.name == "WWW-Authenticate" }.map(\.value)
                #expect(challenges == ["Bearer realm=\"headwater\"", "Basic realm=\"headwater\", charset=\"UTF-8\""])
            }
            #expect(open.sorted() == ["/healthz", "/oauth/token", "/readyz"])
        }
    }

    @Test("what does not exist, and a method that is not for it, is 401 to strangers too")
    func strangers() async throws {
        try await Site.with { site async throws in
            let client = Client(port: site.server.port)
            #expect(try await client.send("GET", "/nothing").status == 401)
            #expect(try await client.send("POST", "/ansible").status == 401)
            #expect(try await client.send("GET", "/healthz?at=1").status == 400)
        }
    }

    @Test(
        "a token is taken as bearer or as the password of the user token, and nothing else is",
        arguments: [
            ("Bearer TOKEN", 200), ("bearer TOKEN", 200), ("Basic token:TOKEN", 200), ("Basic ana:TOKEN", 401),
            ("Basic TOKEN", 401), ("Basic token:wrong", 401), ("Bearer wrong", 401), ("Bearer", 401), ("Bearer ", 401),
            ("Digest TOKEN", 401), ("Basic %%%", 401),
            ("Bearer hw_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 401),
        ])
    func credentials(_ credentials: String, _ status: Int) async throws {
        try await Site.with { site in
            var text = credentials.replacingOccurrences(of: "TOKEN", with: site.token)
            if text.hasPrefix("Basic "), text.contains(":") || text.contains(site.token) {
                text = "Basic " + Data(text.dropFirst("Basic ".count).utf8).base64EncodedString()
            }
            let reply = try await Client(port: site.server.port).send(
                "GET", "/v1/whoami", headers: [("Authorization", text)])
            #expect(reply.status == status)
            #expect(!reply.text.contains(site.token))
            guard status == 200 else { return }
            let rights = Value.list(Right.allCases.map { .string($0.rawValue) })
            #expect(
                reply.json == [
                    "principal": "ana", "superuser": true, "places": [["path": "/", "rights": rights]],
                ])
        }
    }

    @Test("a token ends when its time is over, and one that may do nothing sees nothing")
    func expiry() async throws {
        try await Site.with { site in
            let (old, fresh, weak) = (try Token.random(), try Token.random(), try Token.random())
            for (token, expires, isSuperuser) in [(old, 1, true), (fresh, Int.max, true), (weak, Int.max, false)] {
                _ = try site.store.add(
                    TokenRecord(
                        hash: token.hash.bytes, principal: "eva", isSuperuser: isSuperuser, created: 0, expires: expires
                    ))
            }
            let directory = site.directory
            site.server.stop()
            try site.store.close()
            try await Site.resume(directory) { site async throws in
                let client = Client(port: site.server.port)
                for (token, status) in [(old, 401), (fresh, 200), (weak, 404)] {
                    let headers = [("Authorization", "Bearer \(token.reveal())")]
                    #expect(try await client.send("GET", "/v1/tree", headers: headers).status == status)
                }
            }
        }
    }

    @Test("the first superuser's token is made once, in a file that only its owner reads")
    func adminToken() throws {
        let directory = NSTemporaryDirectory() + "headwater-admin-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = try SQLiteStore(file: directory + "/headwater.sqlite")
        defer { try? store.close() }
        let file = directory + "/admin.token"
        #expect(try AdminToken.make(in: store, file: file))
        #expect(try !AdminToken.make(in: store, file: file))
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(text.hasSuffix("\n"))
        let token = try #require(Token(String(text.dropLast())))
        #expect(try store.tokens().map(\.hash) == [token.hash.bytes])
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let error = #expect(throws: TokenFileError.self) {
            _ = try AdminToken.make(in: EmptyTokens(store: store).fresh(), file: "/nowhere/admin.token")
        }
        #expect(
            error?.description
                == "/nowhere/admin.token.new cannot be written: No such file or directory; the first superuser's token belongs there"
        )
    }

    /// A second store beside the first, without tokens.
    private struct EmptyTokens {
        let store: SQLiteStore

        func fresh() throws -> SQLiteStore { try SQLiteStore(file: store.file + ".2") }
    }
}

extension ServiceRoute {
    /// A path of this route.
    var example: String {
        // An example that ends.
        if case .stream = handling { return pattern + "?since=99" }
        return pattern.replacingOccurrences(of: "{path...}", with: "so/ana/web")
            .replacingOccurrences(of: "{certname}", with: Trees.web)
            .replacingOccurrences(of: "{id}", with: "1").replacingOccurrences(of: "{name}", with: "ana")
            .replacingOccurrences(of: "{key}", with: "site").replacingOccurrences(of: "{number}", with: "1")
    }
}
