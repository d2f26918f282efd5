import Foundation
import Glibc
import HTTP
import Hypervisor
import Lifecycle
import OrderedCollections
import Store
import Testing
import Tree

@testable import Service

@Suite("Several hypervisors")
struct OutageTests {
    @Test(
        "one that hangs shows on its machines and as degraded, and the others are worked with as ever",
        .timeLimit(.minutes(2)))
    func hanging() async throws {
        let path = "/tmp/headwater-\(UInt32.random(in: 0 ... .max)).sock"
        let silent = try SilentSocket(path)
        defer { silent.close() }
        var options = Service.Options()
        options.observationPause = .milliseconds(20)
        let hypervisors = Connections()
        try await Site.with(options, tree: Trees.lab, hypervisors: hypervisors) { site in
            _ = try await site.run("create", "/so/ana")
            #expect(try await site.run("create", "/ai/gpu")["state"] == "done")
            let id = try #require(try site.store.load().entries.first { $0.path.description == "/ai/gpu" }?.id)
            // As if the hypervisor had fallen silent since: what was applied names it.
            let uri = "qemu+unix:///system?socket=\(path)&mode=direct"
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
}

/// Takes connections and never says a word.
private struct SilentSocket {
    private let descriptor: CInt
    private let path: String

    init(_ path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0, listen(descriptor, 16) == 0 else { throw ClientError(what: "listen", code: errno) }
    }

    func close() {
        shutdown(descriptor, CInt(SHUT_RDWR))
        Glibc.close(descriptor)
        unlink(path)
    }
}
