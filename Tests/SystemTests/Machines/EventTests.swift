import Foundation
import TestSupport
import Testing
import Tree

@Suite("Events of machines on QEMU", .serialized)
struct EventTests {
    @Test("what somebody does with virsh is shown and told, and a listener outlives the daemon")
    func virsh() async throws {
        try await Virsh.with { virsh in
            let scratch = try Scratch()
            let daemon = try await Daemon.start(in: scratch)
            try await daemon.api.put(
                "/lab/web", "vm",
                [
                    "hypervisor": "lab", "hypervisors": ["lab": ["driver": "libvirt", "uri": "qemu:///system"]],
                    "images": ["ipxe": ["file": "/usr/lib/ipxe/ipxe.iso"]], "cdroms": ["boot": ["image": "ipxe"]],
                    "boot": ["cdrom"], "hardware": ["cpus": 1, "memory": "64MiB"],
                ])
            let listener = try Child(
                Repository.product("headwater"), ["events", "/lab", "-o", "json"],
                ["HEADWATER_URL": daemon.url, "HEADWATER_TOKEN": daemon.token], try Scratch())
            // The listener has come when it is counted.
            try await eventually("a stream is open") {
                try await daemon.api.send("GET", "/metrics").text.contains("headwater_event_streams 1")
            }
            for verb in ["create", "start"] {
                #expect(try await daemon.api.finish(verb, "/lab/web")["state"] == "done")
            }
            let id = try #require(try await daemon.api.get("/v1/tree/lab/web")["vm"]?["uuid"]?.string)

            _ = try await virsh.lines("suspend", id)
            try await listener.line(containing: "\"state\":\"paused\",\"was\":\"running\"")
            _ = try await virsh.lines("destroy", id)
            try await listener.line(containing: "\"state\":\"stopped\",\"was\":\"paused\"")
            _ = try await virsh.lines("start", id)
            // It is starting until QEMU is ready, which may be seen or not.
            try await listener.line(
                containing: "\"state\":\"running\",\"was\":\"stopped\"", "\"state\":\"running\",\"was\":\"starting\"")
            // A look that was begun while QEMU was starting may come after the event.
            try await eventually("it is known to run") {
                try await daemon.api.get("/v1/tree/lab/web")["state"] == "running"
            }

            await daemon.end(SIGKILL)
            let address = try #require(daemon.url.split(separator: "/").last)
            let second = try await Daemon.start(in: scratch, arguments: ["--listen", String(address)])
            try await listener.line(containing: "\"event\":\"reset\"")
            _ = try await virsh.lines("destroy", id)
            _ = try await virsh.lines("undefine", "--nvram", id)
            try await listener.line(containing: "the hypervisor no longer has the VM")
            #expect(try await second.api.get("/v1/tree/lab/web")["state"] == "failed")
            #expect(await listener.end(SIGINT) == 130)
            #expect(await second.end() == 0)
        }
    }
}
