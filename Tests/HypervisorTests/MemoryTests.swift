import Hypervisor
import Lifecycle
import Testing
import Tree

@Suite("The memory driver")
struct MemoryTests {
    private let connections = Connections()

    @Test("one URI is one hypervisor, whatever it is called and however slow it is; another is another")
    func identity() async throws {
        let one = connections.driver(for: Endpoint(name: "one", driver: .memory, uri: "memory:///a"))
        let same = connections.driver(
            for: Endpoint(name: "two", driver: .memory, uri: "memory:///a", latency: .milliseconds(1)))
        let other = connections.driver(for: Endpoint(name: "one", driver: .memory, uri: "memory:///b"))
        let specification = Specification(
            id: .random(), name: "web", endpoint: Endpoint(name: "one", driver: .memory, uri: "memory:///a"))
        try await one.create(specification)
        #expect(try await same.observe(specification.id)?.name == "web")
        #expect(try await other.list().isEmpty)
    }

    @Test("with faults 1 every call fails, and nothing is done")
    func faults() async throws {
        let endpoint = Endpoint(name: "lab", driver: .memory, uri: "memory:///a", faults: 1)
        let specification = Specification(id: .random(), name: "web", endpoint: endpoint)
        await #expect(
            throws: DriverError(
                .failed, hypervisor: "lab", machine: specification.id, "this call failed because faults is 1.0")
        ) {
            try await connections.driver(for: endpoint).create(specification)
        }
        let sound = connections.driver(for: Endpoint(name: "lab", driver: .memory, uri: "memory:///a"))
        #expect(try await sound.list().isEmpty)
    }

    @Test("a call that takes long is given up when its task is cancelled")
    func latency() async throws {
        let endpoint = Endpoint(name: "lab", driver: .memory, uri: "memory:///a", latency: .seconds(3600))
        let driver = connections.driver(for: endpoint)
        let call = Task { try await driver.list() }
        call.cancel()
        await #expect(throws: DriverError(.cancelled, hypervisor: "lab", "the call was given up")) {
            try await call.value
        }
    }
}
