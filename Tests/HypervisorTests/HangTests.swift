import Foundation
import Hypervisor
import Lifecycle
import TestSupport
import Testing
import Tree

@Suite("A libvirtd that hangs", .serialized)
struct HangTests {
    @Test(
        "ends none of the threads that wait for it, and is worked with again when it goes on",
        .timeLimit(.minutes(2)))
    func short() async throws {
        // Long enough for its connections to be given up.
        try await endure(hangs: 3, of: .seconds(5), KeepAlive(interval: 1, count: 2))
    }

    @Test(
        "for a minute, twenty times, ends none of the threads that wait for it", .enabled(if: Slow.isAsked),
        .timeLimit(.minutes(60)))
    func long() async throws {
        try await endure(hangs: 20, of: .seconds(60), KeepAlive())
    }

    /// What is asked of a running machine with a disk.
    enum Ask: CaseIterable {
        case stop, shutDown, destroy, release, setAutostart

        func callAsFunction(_ driver: any Driver, _ specification: Specification) async throws {
            let id = specification.id
            switch self {
            case .stop: try await driver.stop(id, grace: .zero)
            case .shutDown: try await driver.stop(id, grace: .seconds(300))
            case .destroy: _ = try await driver.destroy(specification)
            case .release: try await #require(driver as? any Releasing).release(id)
            case .setAutostart: try await #require(driver as? any Autostarting).setAutostart(true, of: id)
            }
        }
    }

    @Test(
        "does nothing more of what was given up when it goes on, on an old connection or a new one",
        .timeLimit(.minutes(2)))
    func givenUp() async throws {
        let libvirtd = try PrivateLibvirtd()
        try libvirtd.start()
        // One call at a time: what is asked after a call was given up waits until libvirt has done with that.
        let endpoint = Endpoint(name: "lab", driver: .libvirt, uri: libvirtd.uri, concurrency: 1)
        let driver = Connections(within: .tests, keepAlive: KeepAlive(interval: 1, count: 2)).driver(for: endpoint)
        let pool = Pool(name: "disks", path: "\(libvirtd.directory)/config/disks")
        let specification = Specification(
            id: .random(), name: "web", endpoint: endpoint, memory: Size(bytes: 32 << 20),
            disks: [Disk(name: "root", pool: pool, origin: .empty, size: Size(bytes: 1 << 20))])
        try await driver.create(specification)
        try await driver.start(specification.id)
        let before = try await driver.observe(specification.id)
        #expect(before?.power == .running && before?.run != nil)
        for ask in Ask.allCases {
            for hang in [Duration.milliseconds(200), .seconds(4)] {
                libvirtd.hold()
                let call = Task { try await ask(driver, specification) }
                // A call that has begun, and one whose connection has died so that it waits for a new one.
                try await Task.sleep(for: hang)
                call.cancel()
                let result = await call.result
                libvirtd.goOn()
                #expect(throws: DriverError.self) { try result.get() }
                let after = try await driver.observe(specification.id)
                #expect(after == before, "\(ask), given up after \(hang)")
            }
        }
        _ = try await driver.destroy(specification)
    }

    private func endure(hangs: Int, of duration: Duration, _ keepAlive: KeepAlive) async throws {
        let libvirtd = try PrivateLibvirtd()
        try libvirtd.start()
        let connections = Connections(within: .tests, keepAlive: keepAlive)
        let driver = connections.driver(
            for: Endpoint(name: "lab", driver: .libvirt, uri: libvirtd.uri, concurrency: 8))
        for _ in 0..<hangs {
            let calls = (0..<8).map { _ in
                Task {
                    while !Task.isCancelled { _ = try? await driver.list() }
                }
            }
            try await Task.sleep(for: .milliseconds(500))
            libvirtd.hold()
            defer { libvirtd.goOn() }
            try await Task.sleep(for: duration)
            libvirtd.goOn()
            for call in calls { call.cancel() }
            for call in calls { await call.value }
            _ = try await driver.list()
        }
    }
}
