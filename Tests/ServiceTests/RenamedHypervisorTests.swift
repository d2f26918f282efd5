import Lifecycle
import OrderedCollections
import TestSupport
import Testing
import Tree

@testable import Service

@Suite("A hypervisor that gets another name")
struct RenamedHypervisorTests {
    @Test("is the same one: nothing is pending, the machine goes on, and is said to be on it")
    func renamed() async throws {
        var options = Service.Options()
        options.observationPause = .milliseconds(20)
        try await Site.with(options, tree: Trees.lab) { site async throws in
            #expect(try await site.run("create", "/ai/gpu")["state"] == "done")
            #expect(try await site.run("start", "/ai/gpu")["state"] == "done")
            let change: Value = [
                "hypervisor": "n", "hypervisors": ["m": .null, "n": ["driver": "memory", "uri": "memory:///m"]],
            ]
            let plan = try await site.post("/v1/plan", ["patch": "/", "definition": change])
            #expect(plan.status == 200 && !plan.text.contains("rebuild"), "\(plan.text)")
            #expect(try await site.patch("/v1/tree/common", change).status == 200)
            let entry = try await site.get("/v1/tree/ai/gpu")
            #expect(entry["pending"] == [] && entry["state"] == "running", "\(entry.text)")
            #expect(entry["vm"]?.map?["hypervisor"] == "n")
            try await eventually("tools are told of it") {
                try await site.get("/ansible").text.contains("hypervisor_n")
            }
            #expect(try await site.run("poweroff", "/ai/gpu")["state"] == "done")
            #expect(try await site.run("start", "/ai/gpu")["state"] == "done")
            #expect(try await site.get("/v1/tree/ai/gpu")["pending"] == [])
        }
    }

    @Test("may be named anew by the machine itself, and another one may not")
    func local() async throws {
        try await Site.with(tree: Trees.lab) { site async throws in
            let names: Value = [
                "hypervisors": ["n": ["driver": "memory", "uri": "memory:///m"], "other": ["driver": "memory"]]
            ]
            #expect(try await site.patch("/v1/tree/common", names).status == 200)
            #expect(try await site.run("create", "/ai/gpu")["state"] == "done")
            #expect(try await site.patch("/v1/tree/ai/gpu", ["hypervisor": "n"]).status == 200)
            #expect(try await site.get("/v1/tree/ai/gpu")["pending"] == [])
            #expect(try await site.patch("/v1/tree/ai/gpu", ["hypervisor": "other"]).status == 409)
        }
    }
}
