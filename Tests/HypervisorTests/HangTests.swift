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
