import Foundation
import HTTP
import Hypervisor
import Logging
import OrderedCollections
import Sessions
import TestSupport
import Testing
import Tree

@testable import Service

@Suite("Documents that are kept")
struct CacheTests {
    @Test("are after any changes what a service that begins anew renders")
    func property() async throws {
        var random = Seeded()
        for run in 0..<6 {
            var options = Service.Options()
            // At times so little that shards begin anew.
            options.documentBytes = Bool.random(using: &random) ? 1 << 14 : 1 << 26
            let hypervisors = Connections()
            try await Site.with(options, tree: Trees.lab, hypervisors: hypervisors) { site in
                // On one connection, what repeats a request is answered without being asked anew.
                let reader = run.isMultiple(of: 2) ? site : try site.keepingConnection()
                for step in 0..<40 {
                    let change = RandomChange(using: &random)
                    _ = try await site.send(
                        change.method, change.target, [("Content-Type", "application/json")], body: change.body)
                    _ = try await site.get("/ansible")
                    guard step % 4 == 3 else { continue }
                    let targets = try await site.certnames().flatMap(DocumentCache.targets(of:))
                    try await site.afresh(hypervisors) { fresh in
                        for target in targets + RandomChange.lists {
                            let (kept, made) = (try await reader.get(target), try await fresh.get(target))
                            let place = "\(target), \(random), run \(run), step \(step)"
                            #expect(
                                kept.status == made.status && kept.body == made.body,
                                "\(place): \(kept.text) \(made.text)")
                            #expect(kept.header("ETag") == made.header("ETag"), "\(place)")
                        }
                    }
                    let (whole, names) = (try await site.get("/ansible"), try await site.get("/ansible?vars=none"))
                    #expect(names.groups == whole.groups, "\(random), run \(run), step \(step)")
                    #expect(names.header("Warning") == whole.header("Warning"), "\(random), run \(run), step \(step)")
                }
            }
        }
    }
}

extension Reply {
    /// The groups of an inventory, and its hosts.
    fileprivate var groups: Map {
        var groups = json.map ?? [:]
        groups["_meta"] = .list(groups["_meta"]?.map?["hostvars"]?.map?.keys.map { .string($0.text) } ?? [])
        return groups
    }
}

/// A change of any kind, sound or not.
private struct RandomChange {
    /// What tells of many machines.
    static let lists = ["/ansible", "/ansible?vars=none", "/ansible/vars", "/v1/tree?recursive", "/v1/problems"]

    let method: String
    let target: String
    var body: [UInt8] = []

    private static let folders = ["", "/so", "/so/ana", "/ai", "/new"]
    private static let machines = ["/so/ana/web", "/so/ana/db", "/ai/gpu", "/ai/x", "/new/y", "/z"]
    private static let definitions: [Value] = [
        ["vars": ["a": 1]], ["vars": ["a": "${{ vars.site }}"]], ["vars": ["a": "${{ vars.nothing }}"]],
        ["vars": ["site": "east"]], ["vars": ["site": .null]], ["prototype": "web"], ["prototype": "none"],
        ["prototype": .null], ["prototypes": ["web": ["vars": ["role": "front"]]]], ["domain": "other.example"],
        ["unset": ["vars.ntp"]], ["unset": .null], ["merge": ["vars.ntp": "append"], "vars": ["ntp": ["c"]]],
        ["certname": "odd.example"], ["certname": .null], ["ansible": ["groups": ["g"]]],
        ["puppet": ["classes": ["b::c"]]], ["hardware": ["cpus": 2]], ["hardware": ["cpus": "${{ vars.a }}"]],
        ["vars": ["b": ["c": "${{ vars.a }}"]]], ["vars": ["b": .null]], ["vars": ["b": "plain"]], ["vars": .null],
        ["vars": ["free": ["x": 1, "y": [2]]]], ["vars": ["free": ["x": "${{ self.name }}"]]], ["note": "n"],
    ]

    init(using random: inout Seeded) {
        func pick<Element>(_ elements: [Element]) -> Element { elements.randomElement(using: &random) ?? elements[0] }
        let place = pick(Self.folders + Self.machines)
        let definition = pick(Self.definitions)
        let force = Bool.random(using: &random) ? "?force=true" : ""
        switch Int.random(in: 0..<10, using: &random) {
        case 0...3:
            (method, target, body) = ("PATCH", "/v1/tree\(place)\(force)", Array(definition.jsonText.utf8))
        case 4:
            let kind = Self.machines.contains(place) ? "vm" : "folder"
            let text = "{\"kind\": \"\(kind)\", \"definition\": \(definition.jsonText)}"
            (method, target, body) = (
                "PUT", "/v1/tree\(place)\(force.isEmpty ? "?" : force + "&")parents=true", Array(text.utf8)
            )
        case 5:
            (method, target) = ("DELETE", "/v1/tree\(pick(Self.machines))?force=true")
        case 6, 7:
            let verb = pick(["move", "copy"])
            let to = pick(Self.machines)
            (method, target) = ("POST", "/v1/tree\(place):\(verb)\(force)")
            body = Array("{\"to\": \"\(to)\"}".utf8)
        default:
            let verb = pick(["create", "start", "stop", "destroy"])
            (method, target) = ("POST", "/v1/tree\(pick(Self.machines)):\(verb)")
        }
    }
}

extension Site {
    /// The names of all machines, when nothing is under way.
    fileprivate func certnames() async throws -> [String] {
        let operations = try await get("/v1/operations?limit=1000")
        for operation in operations["operations"]?.list ?? [] {
            _ = try await get("/v1/operations/\(operation.map?["id"]?.integer ?? 0)?wait=300")
        }
        let entries = try await get("/v1/tree?recursive&fields=certname")
        return (entries["entries"]?.list ?? []).compactMap { $0.map?["certname"]?.string }
    }

    /// Runs `body` with another service over the same store.
    fileprivate func afresh(_ hypervisors: Connections, _ body: (Site) async throws -> Void) async throws {
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let service = try await Service(
            store, keys: KeyFile(path: directory + "/session.keys"), hypervisors: hypervisors, log)
        let server = try Server(Configuration(host: "127.0.0.1", port: 0), log: log, handler: service.handler)
        try await body(Site(directory: directory, store: store, service: service, server: server, token: token))
        server.stop()
        await service.close()
    }
}
