import Foundation
import HTTP
import Hypervisor
import Lifecycle
import OrderedCollections
import Store
import TestSupport
import Testing
import Tree

@testable import Service

@Suite("Several hypervisors")
struct OutageTests {
    @Test(
        "one that hangs shows on its machines and as degraded, and the others are worked with as ever",
        .timeLimit(.minutes(2)))
    func hanging() async throws {
        let silent = try ListeningSocket()
        defer { silent.close() }
        var options = Service.Options()
        options.observationPause = .milliseconds(20)
        let hypervisors = Connections(within: .tests)
        try await Site.with(options, tree: Trees.lab, hypervisors: hypervisors) { site in
            _ = try await site.run("create", "/so/ana")
            #expect(try await site.run("create", "/ai/gpu")["state"] == "done")
            let id = try #require(try site.store.load().entries.first { $0.path.description == "/ai/gpu" }?.id)
            // As if the hypervisor had fallen silent since: what was applied names it.
            let uri = "qemu+unix:///system?socket=\(silent.path)&mode=direct"
            var record = try #require(try site.store.load().machines[id])
            record["applied"] = .map(
                (record["applied"]?.map ?? [:]).merging(["hypervisors": ["m": ["uri": .string(uri)]]]) { _, new in new }
            )
            site.server.stop()
            await site.service.close()
            try site.store.save(machine: record, of: id)
            try site.store.close()
            try await Site.resume(site.directory, options, hypervisors: hypervisors) { site in
                #expect(try await site.get("/readyz")["status"] == "ok")
                var entry = try await site.get("/v1/tree/ai/gpu")
                while entry["vm"]?.map?["unreachable"] == nil {
                    #expect(try await site.run("reconcile", "/so/ana")["state"] == "done")
                    try await Task.sleep(for: .milliseconds(200))
                    entry = try await site.get("/v1/tree/ai/gpu")
                }
                #expect(entry["vm"]?.map?["unreachable"] == "no answer within 20 seconds")
                #expect(entry["state"] == "created")
                let ready = try await site.get("/readyz")
                #expect(ready.status == 200 && ready["status"] == "degraded" && ready["hypervisorsDown"] == 1)
                #expect(try await site.get("/v1/tree/so/ana/web")["state"] == "created")
            }
        }
    }

    @Test(
        "of memory, test and QEMU in one tree, QEMU goes down and comes back; its machines say so, the others' do not",
        .timeLimit(.minutes(3)))
    func sideBySide() async throws {
        let relay = try ListeningSocket(relayingTo: "/var/run/libvirt/libvirt-sock")
        defer { relay.close() }
        let tag = "hw\(UInt32.random(in: 0 ... .max))"
        let connections = Connections(within: .tests)
        var options = Service.Options()
        options.observationPause = .milliseconds(50)
        let result: Result<Void, any Error>
        do {
            result = .success(try await sideBySide(options, connections, tag, relay))
        } catch {
            result = .failure(error)
        }
        try await SideBySide.clear(tag, connections.driver(for: SideBySide.qemu))
        try result.get()
    }

    private func sideBySide(
        _ options: Service.Options, _ connections: Connections, _ tag: String, _ relay: ListeningSocket
    ) async throws {
        try await Site.with(options, tree: SideBySide.tree(tag, relay.path), hypervisors: connections) {
            site in
            func machine(_ path: String) async throws -> Reply { try await site.get("/v1/tree\(path)/web") }
            let created = try await site.run("create", "")
            #expect(created["state"] == "done", "\(created.text)")
            #expect(try await site.run("start", "")["state"] == "done")
            try await eventually("all answer") {
                try await site.get("/readyz").json == SideBySide.health("ok", used: 3, down: 0)
            }
            #expect(try await site.get("/v1/tree/qemu/web:console")["consoles"]?.list?.count == 2)
            let id = try #require(try await machine("/qemu")["vm"]?.map?["uuid"]?.string.flatMap { EntryID($0) })

            relay.close()
            try await eventually("QEMU is down") {
                try await site.get("/readyz").json == SideBySide.health("degraded", used: 3, down: 1)
            }
            try await eventually("its machine says so") {
                try await machine("/qemu")["vm"]?.map?["unreachable"] != nil
            }
            #expect(try await machine("/qemu")["state"] == "running")
            #expect(try await site.get("/v1/tree/qemu/web:console").status == 502)
            for path in ["/memory", "/test"] {
                #expect(try await machine(path)["vm"]?.map?["unreachable"] == nil)
                #expect(try await site.run("poweroff", "\(path)/web")["state"] == "done")
                #expect(try await machine(path)["state"] == "stopped")
            }
            let unmanaged = try await site.get("/v1/unmanaged")["unreachable"]?.list
            #expect(unmanaged?.compactMap { $0.map?["hypervisor"] } == ["qemu"])

            let again = try ListeningSocket(at: relay.path, relayingTo: "/var/run/libvirt/libvirt-sock")
            defer { again.close() }
            try await eventually("QEMU is back") {
                try await site.get("/readyz").json == SideBySide.health("ok", used: 3, down: 0)
            }
            #expect(try await machine("/qemu")["vm"]?.map?["unreachable"] == nil)
            #expect(try await site.run("destroy", "")["state"] == "done")
            #expect(try await connections.driver(for: SideBySide.qemu).observe(id) == nil)
            #expect(try FileManager.default.contentsOfDirectory(atPath: SideBySide.directory(tag)) == [])
            try await eventually("nobody uses them any more") {
                try await site.get("/readyz").json == SideBySide.health("ok", used: 0, down: 0, unused: 3)
            }
        }
    }

    @Test("a hypervisor that the tree names and nobody uses is asked, counted apart, and degrades nothing")
    func unused() async throws {
        var options = Service.Options()
        options.observationPause = .milliseconds(20)
        try await Site.with(options, tree: Trees.lab) { site in
            let uri = "qemu+unix:///system?socket=/nonexistent/socket&mode=direct"
            _ = try await site.patch("/v1/tree/so/common", ["hypervisors": ["down": ["uri": .string(uri)]]])
            try await eventually("it was asked") {
                try await site.get("/readyz").json
                    == SideBySide.health("ok", used: 0, down: 0, unused: 2, unusedDown: 1)
            }
        }
    }
}

/// Three hypervisors of different kinds in one tree, a machine on each.
private enum SideBySide {
    static func tree(_ tag: String, _ socket: String) -> String {
        """
        entries:
          - path: /
            kind: folder
            definition:
              hardware: {cpus: 1, memory: 32MiB}
              disks: {root: {size: 1MiB}}
              hypervisors:
                memory: {driver: memory}
                test: {uri: "test:///default"}
                qemu: {uri: "qemu+unix:///system?socket=\(socket)&mode=direct"}
          - {path: /memory, kind: folder, definition: {hypervisor: memory, pools: {default: {pool: any}}}}
          - {path: /test, kind: folder, definition: {hypervisor: test, pools: {default: {pool: default-pool}}}}
          - path: /qemu
            kind: folder
            definition: {hypervisor: qemu, pools: {default: {pool: \(tag), path: \(directory(tag))}}}
          - {path: /memory/web, kind: vm}
          - {path: /test/web, kind: vm}
          - {path: /qemu/web, kind: vm}
        """
    }

    static func health(_ status: String, used: Int, down: Int, unused: Int = 0, unusedDown: Int = 0) -> Value {
        [
            "status": .string(status), "store": "ok", "hypervisors": .integer(used), "hypervisorsDown": .integer(down),
            "unusedHypervisors": .integer(unused), "unusedHypervisorsDown": .integer(unusedDown),
            "emulatingHypervisors": 0,
        ]
    }

    /// The same hypervisor, reached without the relay.
    static let qemu = Endpoint(name: "qemu", driver: .libvirt, uri: "qemu:///system")

    static func directory(_ tag: String) -> String { "/var/lib/libvirt/\(tag)" }

    /// Takes away what is left, which is the pool alone unless the test failed.
    static func clear(_ tag: String, _ driver: any Driver) async throws {
        let directory = directory(tag)
        for file in (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [] {
            if let id = EntryID(String(file.prefix(36))) {
                _ = try await driver.destroy(id, disks: [], keepDisks: true)
            }
        }
        for verb in ["pool-destroy", "pool-undefine"] {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["virsh", "-q", "-c", "qemu:///system", verb, tag]
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0, "\(verb) \(tag)")
        }
        try FileManager.default.removeItem(atPath: directory)
    }
}
