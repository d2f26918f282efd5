import Foundation
import HTTP
import Hypervisor
import Store
import Testing
import Tree

@testable import Service

@Suite("A hypervisor that the daemon may not open")
struct ReachTests {
    @Test("is refused when it is written, whoever writes it, also in a prototype, and so in a plan")
    func written() async throws {
        try await Site.with(tree: Trees.lab, hypervisors: Connections()) { site async throws in
            let evil: Value = ["uri": "qemu+ext:///system?command=/tmp/x"]
            for (definition, key) in [
                (["hypervisors": ["h": evil]], "hypervisors.h.uri"),
                (["prototypes": ["p": ["hypervisors": ["h": evil]]]], "prototypes.p.hypervisors.h.uri"),
            ] as [(Value, String)] {
                let reply = try await site.patch("/v1/tree/so/common", definition)
                #expect(reply.status == 422, "\(reply.text)")
                #expect(reply.text.contains("\"\(key)\""), "\(reply.text)")
                #expect(reply.text.contains("is not among the hypervisors that the daemon may open: test:///default, "))
                let plan: Value = ["patch": "/so", "definition": definition]
                #expect(try await site.post("/v1/plan", plan).status == 422)
                #expect(try await site.send("PATCH", "/v1/tree/so/common?force=true").status != 200)
            }
            let fine: Value = ["hypervisors": ["h": ["uri": "qemu+ssh://kvm1/system"], "x": ["driver": "memory"]]]
            #expect(try await site.patch("/v1/tree/so/common", fine).status == 200)
        }
    }

    @Test("is refused when it is opened, whatever it was hidden in: no program of its is run")
    func opened() async throws {
        let directory = NSTemporaryDirectory() + "headwater-reach-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let program = directory + "/program"
        try Data("#!/bin/sh\ntouch \(directory)/was-run\n".utf8).write(to: URL(filePath: program))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        var options = Service.Options()
        options.observationPause = .milliseconds(20)
        let tree = """
            entries:
              - path: /so
                kind: folder
                definition:
                  vars: {uri: "qemu+ext:///system?command=\(program)"}
                  hypervisor: h
                  hypervisors: {h: {uri: "${{ vars.uri }}"}}
              - {path: /so/web, kind: vm}
            """
        try await Site.with(options, tree: tree, hypervisors: Connections()) { site async throws in
            let created = try await site.run("create", "/so/web")
            #expect(created["state"] == "failed")
            let reason = "is not among the hypervisors that the daemon may open"
            #expect(created["error"]?.string?.contains(reason) == true, "\(created.text)")
            #expect(!FileManager.default.fileExists(atPath: "\(directory)/was-run"))
        }
    }

    @Test("stays where it was written before the settings forbade it: what else is said there can be changed")
    func old() async throws {
        let tree = """
            entries:
              - {path: /so, kind: folder, definition: {hypervisors: {h: {uri: "qemu+unix:///system?socket=/x"}}}}
            """
        try await Site.with(tree: tree) { site in
            site.server.stop()
            await site.service.close()
            try site.store.close()
            try await Site.resume(site.directory, hypervisors: Connections()) { site async throws in
                #expect(try await site.patch("/v1/tree/so/common", ["vars": ["a": 1]]).status == 200)
                let other: Value = ["hypervisors": ["h": ["uri": "qemu+unix:///system?socket=/y"]]]
                #expect(try await site.patch("/v1/tree/so/common", other).status == 422)
            }
        }
    }
}
