import Foundation
import OrderedCollections
import TestSupport
import Testing
import Tree

@Suite("A daemon that is killed while it works on a machine")
struct CrashMatrixTests {
    /// A verb, what brings the machine to where it begins, and what it comes to.
    struct Row: Sendable, CustomTestStringConvertible {
        let verb: String
        var query = ""
        let before: [String]
        /// What is changed on libvirt, in order: the fault points.
        let calls: [LibvirtCall]
        let state: String
        /// As virsh says it; nil: there is no domain.
        let domain: String?

        var testDescription: String { verb }
    }

    static let rows = [
        Row(
            verb: "create", before: ["destroy"], calls: [.define, .makeVolume, .makeVolume, .define], state: "created",
            domain: "shut off"),
        Row(
            verb: "start", before: ["destroy", "create"], calls: [.start], state: "running", domain: "running"),
        Row(
            verb: "stop", query: "?grace=1", before: ["destroy", "create", "start"], calls: [.shutdown, .cut],
            state: "stopped", domain: "shut off"),
        Row(
            verb: "destroy", before: ["create", "start"],
            calls: [.cut, .undefineWithFlags, .deleteVolume, .deleteVolume], state: "provisioned", domain: nil),
        Row(
            verb: "rebuild", before: ["destroy", "create", "start"],
            calls: [
                .define, .undefineWithFlags, .cut, .undefineWithFlags, .deleteVolume, .deleteVolume, .define,
                .makeVolume,
                .makeVolume, .define,
            ],
            state: "created",
            domain: "shut off"),
    ]

    @Test("ends what it began, once, and leaves no domain twice and no volume behind", arguments: rows)
    func matrix(_ row: Row) async throws {
        try await Virsh.with { virsh in
            let scratch = try Scratch()
            let proxy = try LibvirtProxy(at: scratch.file("libvirt.sock"))
            defer { proxy.close() }
            let arguments = ["--config", try scratch.write("headwaterd.yaml", LibvirtProxy.settings)]
            var daemon = try await Daemon.start(in: scratch, arguments: arguments)
            // Its domain has a name that no other test gives.
            let (path, name) = ("/\(virsh.tag)/web", "\(virsh.tag).web")
            try await daemon.api.put(path, "vm", Self.definition(virsh, proxy))
            // The pool is made with the first machine, and stays.
            for verb in ["create", "destroy"] {
                #expect(try await daemon.api.finish(verb, path)["state"] == "done", "\(verb)")
            }
            for call in row.calls.indices {
                for moment in LibvirtProxy.Moment.allCases {
                    let cell = "\(row.verb), killed at call \(call) (\(row.calls[call])), \(moment)"
                    for verb in row.before {
                        let operation = try await daemon.api.finish(verb, path)
                        try #require(operation["state"] == "done", "\(cell): \(verb): \(operation)")
                    }
                    proxy.arm(daemon.pid, at: call, moment)
                    let accepted = try await daemon.api.send("POST", "/v1/tree\(path):\(row.verb)\(row.query)")
                    try #require(accepted.status == 202, "\(cell): \(accepted.text)")
                    let location = try #require(accepted.headers["location"])
                    // Where nothing is asked after the last call, it is killed as soon as the work has ended.
                    try await eventually("\(cell): it is killed, or done", within: .seconds(60)) {
                        guard daemon.isAlive else { return true }
                        return (try? await daemon.api.get(location)["ended"]) ?? nil != nil
                    }
                    await daemon.end(SIGKILL)
                    #expect(proxy.calls.count > call, "\(cell): it was not reached")
                    #expect(Array(row.calls.prefix(proxy.calls.count)) == proxy.calls, "\(cell)")
                    proxy.disarm()

                    daemon = try await Daemon.start(in: scratch, arguments: arguments)
                    let operation = try await daemon.api.end(of: location)
                    try await check(row, cell, operation, path, name, daemon, virsh)
                    await daemon.end(SIGKILL)
                    daemon = try await Daemon.start(in: scratch, arguments: arguments)
                    #expect(try await daemon.api.get(location) == operation, "\(cell): it ended twice")
                }
            }
            #expect(try await daemon.api.finish("destroy", path)["state"] == "done")
            #expect(try FileManager.default.contentsOfDirectory(atPath: virsh.directory) == [])
            #expect(await daemon.end() == 0)
        }
    }

    @Test(
        "does nothing for good, at the next start, to a VM that was made anew meanwhile",
        arguments: ["destroy", "rebuild", "poweroff"])
    func madeAnew(_ verb: String) async throws {
        try await Virsh.with { virsh in
            let scratch = try Scratch()
            let proxy = try LibvirtProxy(at: scratch.file("libvirt.sock"))
            defer { proxy.close() }
            let arguments = ["--config", try scratch.write("headwaterd.yaml", LibvirtProxy.settings)]
            var daemon = try await Daemon.start(in: scratch, arguments: arguments)
            let path = "/\(virsh.tag)/web"
            try await daemon.api.put(path, "vm", Self.definition(virsh, proxy))
            for verb in ["create", "start"] {
                #expect(try await daemon.api.finish(verb, path)["state"] == "done", "\(verb)")
            }
            let id = try #require(try await daemon.api.get("/v1/tree\(path)")["vm"]?["uuid"]?.string)
            // A rebuild first tries whether libvirt takes what it is to make.
            proxy.arm(daemon.pid, at: verb == "rebuild" ? 2 : 0, .before)
            let accepted = try await daemon.api.send("POST", "/v1/tree\(path):\(verb)")
            let location = try #require(accepted.headers["location"])
            try await eventually("it is killed", within: .seconds(60)) { !daemon.isAlive }
            await daemon.end(SIGKILL)
            proxy.disarm()
            // As another service makes it, over a copy of the database.
            try await virsh.edit(id) { $0.replacing(#/build=.1./#, with: "build='2'") }
            daemon = try await Daemon.start(in: scratch, arguments: arguments)
            let operation = try await daemon.api.end(of: location)
            #expect(operation["state"] == "failed", "\(operation)")
            #expect(
                operation["error"]
                    == .string(
                        "\(path): \(verb) was asked for when the VM was build 1 of its descriptor, and it is build 2 by now; it is "
                            + "left as it is: ask again for \(verb) if that is still wanted"))
            #expect(try await virsh.lines("domstate", id) == ["running"])
            let volumes = try FileManager.default.contentsOfDirectory(atPath: virsh.directory).sorted()
            #expect(volumes == ["\(id)-data.raw", "\(id)-root.qcow2"])
            #expect(try await daemon.api.finish("destroy", path)["state"] == "done")
            #expect(await daemon.end() == 0)
        }
    }

    private func check(
        _ row: Row, _ cell: String, _ operation: Value, _ path: String, _ name: String, _ daemon: Daemon, _ virsh: Virsh
    ) async throws {
        #expect(operation["state"] == "done", "\(cell): \(operation)")
        let open = try await daemon.api.get("/v1/operations?state=queued,running")
        #expect(open["operations"] == [], "\(cell)")
        let entry = try await daemon.api.get("/v1/tree\(path)")
        #expect(entry["state"] == .string(row.state), "\(cell): \(entry)")
        let domains = try await virsh.lines("list", "--all", "--name").filter { $0.hasPrefix(name) }
        #expect(domains == (row.domain == nil ? [] : [name]), "\(cell)")
        let volumes = try FileManager.default.contentsOfDirectory(atPath: virsh.directory).sorted()
        guard let domain = row.domain else {
            #expect(volumes == [], "\(cell)")
            return
        }
        #expect(try await virsh.lines("domstate", name) == [domain], "\(cell)")
        let id = try #require(entry["vm"]?["uuid"]?.string, "\(cell)")
        #expect(volumes == ["\(id)-data.raw", "\(id)-root.qcow2"], "\(cell)")
    }

    private static func definition(_ virsh: Virsh, _ proxy: LibvirtProxy) -> Value {
        [
            "hypervisor": "lab", "hypervisors": ["lab": ["driver": "libvirt", "uri": .string(proxy.uri)]],
            "pools": ["default": ["pool": .string(virsh.tag), "path": .string(virsh.directory)]],
            "hardware": ["cpus": 1, "memory": "32MiB"],
            "disks": ["root": ["size": "8MiB"], "data": ["size": "4MiB", "format": "raw"]],
        ]
    }
}
