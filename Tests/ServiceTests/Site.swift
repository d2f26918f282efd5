import Formats
import Foundation
import Hypervisor
import Logging
import OrderedCollections
import Secrets
import Service
import Sessions
import Store
import TLS
import TestSupport
import Testing
import Tree

@testable import HTTP

/// A service over a store of its own, behind a real server on the loopback.
struct Site: Sendable {
    let directory: String
    let store: SQLiteStore
    let service: Service
    /// Where requests are sent to.
    var server: Server
    /// Shown with each request; empty: nothing is.
    var token: String
    /// The tokens of people who are no superusers, by their names.
    var tokens: [String: String] = [:]
    /// What requests without a body are sent on; nil: each on a connection of its own.
    var kept: KeptConnection?

    /// Runs `body` with a new site, and ends it.
    ///
    /// - Parameters:
    ///   - hypervisors: whose machines in memory outlive the site.
    ///   - people: who gets a token beside the superuser ana.
    static func with(
        _ options: Service.Options = Service.Options(), tree: String? = nil,
        hypervisors: Connections = Connections(within: .tests), people: [String] = [],
        _ body: (Site) async throws -> Void
    ) async throws {
        let directory = NSTemporaryDirectory() + "headwater-service-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await resume(directory, options, hypervisors: hypervisors, people: people) { site in
            if let tree {
                let reply = try await site.post("/v1/apply", yaml: tree)
                try #require(reply.status == 200, "\(reply.text)")
            }
            try await body(site)
        }
    }

    /// Runs `body` with a site over what another left in its directory.
    static func resume(
        _ directory: String, _ options: Service.Options = Service.Options(),
        hypervisors: Connections = Connections(within: .tests), people: [String] = [],
        _ body: (Site) async throws -> Void
    ) async throws {
        let store = try SQLiteStore(file: directory + "/headwater.sqlite")
        defer { try? store.close() }
        let token = try Token.random()
        _ = try store.add(TokenRecord(hash: token.hash.bytes, principal: "ana", isSuperuser: true, created: 0))
        var tokens: [String: String] = [:]
        for name in people {
            let token = try Token.random()
            _ = try store.add(TokenRecord(hash: token.hash.bytes, principal: name, isSuperuser: false, created: 0))
            tokens[name] = token.reveal()
        }
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let service = try await Service(
            store, options, keys: KeyFile(path: directory + "/session.keys"), hypervisors: hypervisors, log)
        var configuration = Configuration(host: "127.0.0.1", port: 0)
        configuration.threads = 2
        configuration.problem = service.problem
        let server = try Server(configuration, log: log, handler: service.handler)
        let site = Site(
            directory: directory, store: store, service: service, server: server, token: token.reveal(), tokens: tokens)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(site))
        } catch {
            result = .failure(error)
        }
        server.stop()
        await service.close()
        try result.get()
    }
}

extension Site {
    /// The same site, for one of the people.
    func acting(as name: String) -> Site {
        var site = self
        site.token = tokens[name] ?? "none"
        return site
    }

    /// The same site, all of whose requests without a body are sent on one connection, whoever shows what.
    func keepingConnection() throws -> Site {
        var site = self
        site.kept = try KeptConnection(port: server.port)
        return site
    }

    /// The same site, for somebody who shows nothing.
    var unknown: Site {
        var site = self
        site.token = ""
        return site
    }

    /// Runs `body` with the same site, for the bearer of a client certificate that was verified.
    func showing(_ certificate: Certificate, _ body: (Site) async throws -> Void) async throws {
        let handler = service.handler
        try await unknown.behind { head in
            handler(Head(method: head.method, peer: head.peer, certificate: certificate, fields: head.fields))
        } body: {
            try await body($0)
        }
    }

    /// Runs `body` with the same site, behind a server that calls another handler.
    func behind(_ handler: @escaping Handler, body: (Site) async throws -> Void) async throws {
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = try Server(Configuration(host: "127.0.0.1", port: 0), log: log, handler: handler)
        defer { server.stop() }
        var site = self
        site.server = server
        try await body(site)
    }

    func send(
        _ method: String, _ target: String, _ headers: [(String, String)] = [], body: [UInt8] = []
    ) async throws -> Reply {
        let credentials = token.isEmpty ? [] : [("Authorization", "Bearer \(token)")]
        if let kept, body.isEmpty, !["POST", "PUT", "PATCH"].contains(method) {
            return try await kept.send(method, target, headers: credentials + headers)
        }
        return try await Client(port: server.port).send(method, target, headers: credentials + headers, body: body)
    }

    func get(_ target: String, _ headers: (String, String)...) async throws -> Reply {
        try await send("GET", target, headers)
    }

    func post(_ target: String, _ body: Value? = nil) async throws -> Reply {
        try await send("POST", target, [Site.json], body: body.map { JSON.encode($0) } ?? [])
    }

    func post(_ target: String, yaml: String) async throws -> Reply {
        try await send("POST", target, [("Content-Type", "application/yaml")], body: Array(yaml.utf8))
    }

    func put(_ target: String, _ body: Value, _ headers: (String, String)...) async throws -> Reply {
        try await send("PUT", target, [Site.json] + headers, body: JSON.encode(body))
    }

    func patch(_ target: String, _ body: Value, _ headers: (String, String)...) async throws -> Reply {
        try await send("PATCH", target, [Site.json] + headers, body: JSON.encode(body))
    }

    func delete(_ target: String, _ headers: (String, String)...) async throws -> Reply {
        try await send("DELETE", target, headers)
    }

    /// Does something to machines and waits for its end.
    func run(_ verb: String, _ path: String, _ query: String = "") async throws -> Reply {
        let accepted = try await post("/v1/tree\(path):\(verb)\(query)")
        try #require(accepted.status == 202, "\(accepted.text)")
        return try await get("\(accepted.header("Location") ?? "")?wait=300")
    }

    private static let json = ("Content-Type", "application/json")
}

/// Trees that tests begin with.
enum Trees {
    /// Two courses, three machines, a hypervisor in memory.
    static let lab = """
        entries:
          - path: /
            kind: folder
            definition:
              domain: lab.example
              hypervisor: m
              hypervisors: {m: {driver: memory}}
              networks: {lan: {network: default}}
              pools: {disks: {pool: default}}
              prototypes: {web: {vars: {role: web, port: 80}, puppet: {classes: [nginx]}}}
              nics: {eth0: {network: lan}}
              vars: {site: north, ntp: [a, b]}
          - {path: /so, kind: folder, definition: {vars: {course: SO}}}
          - {path: /so/ana, kind: folder, definition: {}}
          - {path: /so/ana/web, kind: vm, definition: {prototype: web, vars: {url: "http://${{ self.certname }}"}}}
          - {path: /so/ana/db, kind: vm, definition: {vars: {role: db}}}
          - {path: /ai, kind: folder, definition: {vars: {course: AI}}}
          - {path: /ai/gpu, kind: vm, definition: {hardware: {cpus: 4}}}
        """
    static let web = "web.ana.so.lab.example"
    static let gpu = "gpu.ai.lab.example"
}
