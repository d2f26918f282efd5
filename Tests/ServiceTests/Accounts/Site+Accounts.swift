import Formats
import Foundation
import HTTP
import OrderedCollections
import Testing
import Tree

/// What lets somebody in.
enum Key {
    case bearer(String)
    case basic(String, String)

    var header: (String, String) {
        switch self {
        case .bearer(let text): ("Authorization", "Bearer \(text)")
        case .basic(let name, let password):
            ("Authorization", "Basic " + Data("\(name):\(password)".utf8).base64EncodedString())
        }
    }
}

extension Site {
    /// Asks as somebody else than the superuser.
    func ask(_ method: String, _ target: String, _ body: Value? = nil, as key: Key?) async throws -> Reply {
        try await Client(port: server.port).send(
            method, target, headers: (key.map { [$0.header] } ?? []) + [("Content-Type", "application/json")],
            body: body.map { JSON.encode($0) } ?? [])
    }

    /// What the password grant answers.
    func logIn(_ name: String, _ password: String, scope: String? = nil) async throws -> Reply {
        let fields = [("grant_type", "password"), ("username", name), ("password", password)]
        let all = fields + (scope.map { [("scope", $0)] } ?? [])
        let form = all.map { "\($0)=\($1.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")" }
        return try await Client(port: server.port).send(
            "POST", "/oauth/token", headers: [("Content-Type", "application/x-www-form-urlencoded")],
            body: Array(form.joined(separator: "&").utf8))
    }

    /// Adds a user with a password.
    func addUser(_ name: String, _ password: String, _ more: Map = [:]) async throws {
        let body: Map = ["name": .string(name), "password": .string(password)]
        let reply = try await post("/v1/users", .map(body.merging(more) { _, new in new }))
        try #require(reply.status == 201, "\(reply.text)")
    }

    /// Makes a token.
    func addToken(_ wishes: Value = [:], as key: Key? = nil) async throws -> String {
        let reply = try await ask("POST", "/v1/tokens", wishes, as: key ?? .bearer(token))
        try #require(reply.status == 201, "\(reply.text)")
        return try #require(reply["token"]?.string)
    }
}
