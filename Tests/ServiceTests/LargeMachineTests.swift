import OrderedCollections
import TestSupport
import Testing
import Tree

@testable import Service

/// With this many keys, a look at the whole definition for each of them would take many minutes.
private let count = 12_000

@Suite("A machine of very many variables", .timeLimit(.minutes(5)))
struct LargeMachineTests {
    private static func vars(_ value: (Int) -> Value) -> Value {
        .map(Map(uniqueKeysWithValues: (0..<count).map { (Tree.Key("key\($0)"), value($0)) }))
    }

    @Test("is blamed, explained, shown to each tool and told of, whatever it unsets and refers to")
    func routes() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let common: Value = ["vars": Self.vars { .integer($0) }]
            #expect(try await site.put("/v1/tree/so/common", common).status == 200)
            let unset = Value.list((0..<count / 2).map { .string("vars.key\($0)") })
            let references = Self.vars { .string("${{ vars.key\(count - 1) }}\($0)") }
            let own: Value = ["kind": "vm", "definition": ["unset": unset, "vars": ["m": references]]]
            for message in ["first", "second"] {
                #expect(try await site.put("/v1/tree/so/big?message=\(message)", own).status < 300)
                _ = try await site.patch("/v1/tree/so/big", ["vars": ["m": ["key7": 8]]])
            }
            let certname = "big.so.lab.example"
            for target in [
                "/v1/tree/so/big", "/v1/computed/so/big", "/v1/explain/so/big?blame", "/v1/explain/so/big?as=ansible",
                "/v1/explain/so/big?as=hiera", "/v1/explain/so?blame", "/v1/revisions?path=/so/big&machine",
                "/v1/revisions/3", "/v1/revisions", "/enc/\(certname)", "/hiera/\(certname)", "/pillar/\(certname)",
                "/ansible/hosts/\(certname)", "/v1/computed/so/big?at=4", "/ansible", "/v1/problems",
                "/v1/tree/?recursive&selector=vars.key1%3D1",
            ] {
                let reply = try await site.get(target)
                #expect(reply.status == 200, "\(target): \(reply.text.prefix(300))")
            }
            let blame = try await site.get("/v1/explain/so/big?blame&key=vars.m.key7")
            #expect(blame["values"]?.list?.first?.map?["since"]?.map?["revision"] == 7, "\(blame.text)")
            let plan = try await site.post(
                "/v1/plan", ["put": "/so/common", "definition": ["vars": Self.vars { .integer(-$0) }]])
            #expect(plan.status == 200, "\(plan.text.prefix(300))")
        }
    }

    @Test("that refers to as many which are not there is refused")
    func dangling() async throws {
        try await Site.with(tree: Trees.lab) { site in
            let vars = Self.vars { .string("${{ vars.kex\($0) }}") }
            let reply = try await site.put("/v1/tree/so/big", ["kind": "vm", "definition": ["vars": vars]])
            #expect(reply.status == 422)
            #expect(reply.detail.contains("did you mean vars.key0?"), "\(reply.detail)")
        }
    }
}
