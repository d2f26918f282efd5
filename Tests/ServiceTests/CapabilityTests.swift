import HTTP
import Hypervisor
import Lifecycle
import OrderedCollections
import Testing
import Tree

@testable import Service

@Suite("What a driver cannot do")
struct CapabilityTests {
    private static let detail =
        "its driver cannot pause; it can create, start, stop, poweroff, destroy, rebuild, reconcile, adopt"

    @Test("is refused at once for one machine, with what it can do, and begins no operation")
    func one() async throws {
        try await Site.with(tree: Trees.lab, hypervisors: Hindrance().connections) { site in
            #expect(try await site.run("create", "/ai/gpu")["state"] == "done")
            #expect(try await site.run("start", "/ai/gpu")["state"] == "done")
            let pause = try await site.post("/v1/tree/ai/gpu:pause")
            #expect(pause.status == 409)
            #expect(
                pause.detail.hasPrefix("hypervisor m: VM ") && pause.detail.hasSuffix(Self.detail), "\(pause.detail)")
            for verb in ["resume", "reboot", "reset", "release"] {
                #expect(try await site.post("/v1/tree/ai/gpu:\(verb)").status == 409, "\(verb)")
            }
            #expect(try await site.get("/v1/operations")["operations"]?.list?.count == 2)
        }
    }

    @Test("is why the machines of a folder fail that stand on it, and changes nothing on them")
    func folder() async throws {
        try await Site.with(tree: Trees.lab, hypervisors: Hindrance().connections) { site in
            #expect(try await site.run("create", "/ai")["state"] == "done")
            #expect(try await site.run("start", "/ai")["state"] == "done")
            let pause = try await site.run("pause", "/ai")
            #expect(pause["state"] == "failed")
            #expect(pause["error"]?.string?.hasSuffix(Self.detail) == true, "\(pause.text)")
            #expect(try await site.get("/v1/tree/ai/gpu")["state"] == "running")
        }
    }

    @Test("is nothing on a driver that has every ability")
    func all() {
        let driver = Connections().driver(for: Endpoint(name: "m", driver: .memory, uri: "memory:///m"))
        #expect(Verb.allCases.filter(driver.can) == Verb.allCases)
    }
}
