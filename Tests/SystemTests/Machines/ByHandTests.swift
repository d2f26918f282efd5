import Foundation
import OrderedCollections
import Testing
import Tree

@Suite("A machine on QEMU that somebody changed by hand", .serialized)
struct ByHandTests {
    @Test("after an external snapshot a start writes the memory that is pending, and the disk in use stays in use")
    func snapshot() async throws {
        try await lab { virsh, daemon, id in
            _ = try await virsh.lines("snapshot-create-as", id, "nightly", "--disk-only")
            let overlay = "\(virsh.directory)/\(id)-root.nightly"
            try await write(overlay)
            try await drift(daemon, ["disks.root"])
            try await set(daemon, "hardware.memory", "96MiB")
            let started = try await daemon.api.finish("start", "/lab/vm")
            #expect(started["state"] == "done", "\(started)")
            try await expectPattern(overlay)
            #expect(try await virsh.lines("domblklist", id).contains { $0.hasSuffix(overlay) })
            #expect(try await virsh.lines("dominfo", id).contains { $0.hasSuffix("98304 KiB") })
            #expect(try await daemon.api.get("/v1/tree/lab/vm")["pending"] == [])
            _ = try await daemon.api.finish("poweroff", "/lab/vm")

            // What another key drifted is put right, and the disk is not: that is an error that says so.
            _ = try await virsh.lines("setvcpus", id, "2", "--config", "--maximum")
            let reconciled = try await daemon.api.finish("reconcile", "/lab/vm")
            #expect(reconciled["state"] == "failed")
            #expect(
                reconciled["error"]
                    == .string(
                        "/lab/vm: disks.root: the VM's disk is another file than was applied: \(overlay); virsh blockcommit "
                            + "with --active --pivot merges a snapshot into the disk that it is of, while the VM runs; "
                            + "release and adopt take the VM as it is now"))
            #expect(try await virsh.lines("vcpucount", id, "--config", "--maximum") == ["1"])
            #expect(try await virsh.lines("domblklist", id).contains { $0.hasSuffix(overlay) })
            try await expectPattern(overlay)

            for verb in ["destroy", "rebuild"] {
                let refused = try await daemon.api.finish(verb, "/lab/vm")
                #expect(refused["state"] == "failed")
                #expect(
                    refused["error"]?.string?.hasSuffix(
                        "disk root: the VM's disk is another file than was applied: \(overlay); destroy with --keep-disks "
                            + "takes the VM and leaves all its disks") == true, "\(refused)")
                // The VM is as it was.
                #expect(try await daemon.api.get("/v1/tree/lab/vm")["state"] == "stopped")
            }
            let kept = try await daemon.api.finish("destroy", "/lab/vm", "?keepDisks=true")
            #expect(kept["state"] == "done" && steps(kept).contains("left: \(overlay)"), "\(kept)")
            #expect(kept["keepDisks"] == true)
            try await expectPattern(overlay)
            // The disk below the snapshot is not taken up, for what lies above it would be worthless.
            let base = "\(virsh.directory)/\(id)-root.qcow2"
            let before = try Data(contentsOf: URL(filePath: base))
            let refused = try await daemon.api.finish("create", "/lab/vm", "?keepDisks=true")
            #expect(
                refused["error"]?.string?.hasSuffix(
                    "disk root: \(overlay) holds what was written since a snapshot of the volume \"\(id)-root.qcow2\", and is "
                        + "worthless once that is written to; qemu-img commit merges it in, then it can be removed")
                    == true,
                "\(refused)")
            #expect(try Data(contentsOf: URL(filePath: base)) == before)
            _ = try await run(Repository.tool("qemu-img"), ["commit", "-q", overlay])
            try FileManager.default.removeItem(atPath: overlay)
            #expect(try await daemon.api.finish("create", "/lab/vm", "?keepDisks=true")["state"] == "done")
            try await expectPattern(base)
            #expect(try await daemon.api.finish("start", "/lab/vm")["state"] == "done")
        }
    }

    @Test("a snapshot is merged back as reconcile says, or the VM is released and adopted with it, and nothing is lost")
    func merged() async throws {
        try await lab { virsh, daemon, id in
            _ = try await virsh.lines("snapshot-create-as", id, "nightly", "--disk-only")
            let (base, overlay) = ("\(virsh.directory)/\(id)-root.qcow2", "\(virsh.directory)/\(id)-root.nightly")
            try await write(overlay)
            try await drift(daemon, ["disks.root"])
            #expect(try await daemon.api.finish("start", "/lab/vm", "?keep")["state"] == "done")
            _ = try await virsh.lines("blockcommit", id, "vda", "--active", "--pivot", "--wait")
            try await drift(daemon, [])
            #expect(try await daemon.api.finish("reconcile", "/lab/vm")["state"] == "done")
            #expect(try await daemon.api.finish("poweroff", "/lab/vm")["state"] == "done")
            try await expectPattern(base)

            _ = try await virsh.lines("snapshot-delete", "--metadata", id, "nightly")
            try FileManager.default.removeItem(atPath: overlay)
            _ = try await virsh.lines("snapshot-create-as", id, "nightly", "--disk-only")
            try await set(daemon, "note", "kept")
            #expect(try await daemon.api.finish("release", "/lab/vm")["state"] == "done")
            let adopted = try await daemon.api.send(
                "POST", "/v1/tree/lab/vm:adopt", ["hypervisor": "lab", "uuid": .string(id)])
            try #require(adopted.status == 201, "\(adopted.text)")
            #expect(try await daemon.api.get("/v1/tree/lab/vm")["drift"] == [])
            #expect(try await daemon.api.get("/v1/tree/lab/vm")["definition"]?["note"] == "kept")
            #expect(try await daemon.api.finish("start", "/lab/vm")["state"] == "done")
            #expect(try await virsh.lines("domblklist", id).contains { $0.hasSuffix(overlay) })
            _ = try await daemon.api.finish("poweroff", "/lab/vm")
            try await expectPattern(overlay)
        }
    }

    @Test("a lost disk is told, by reconcile and by start, and none is made in its place")
    func lost() async throws {
        try await lab { virsh, daemon, id in
            let disk = "\(virsh.directory)/\(id)-root.qcow2"
            let elsewhere = "\(virsh.directory)-elsewhere.qcow2"
            try FileManager.default.moveItem(atPath: disk, toPath: elsewhere)
            defer { try? FileManager.default.removeItem(atPath: elsewhere) }
            try await drift(daemon, ["disks.root"])
            let reconciled = try await daemon.api.finish("reconcile", "/lab/vm")
            #expect(reconciled["state"] == "failed")
            #expect(
                reconciled["error"]?.string?.hasSuffix(
                    "missing on the hypervisor; where a volume cannot be put back, destroy and then create, both with "
                        + "--keep-disks, take up the disks that are there and make the missing one anew") == true,
                "\(reconciled)")
            try await set(daemon, "hardware.memory", "96MiB")
            let started = try await daemon.api.finish("start", "/lab/vm")
            #expect(started["state"] == "failed", "\(started)")
            #expect(started["error"]?.string?.contains("disk root: \(disk) is missing") == true, "\(started)")
            #expect(!FileManager.default.fileExists(atPath: disk))
            // It comes back, and all is well.
            try FileManager.default.moveItem(atPath: elsewhere, toPath: disk)
            #expect(try await daemon.api.finish("start", "/lab/vm")["state"] == "done")
        }
    }

    @Test(
        "where a disk is lost or detached, destroy and create with --keep-disks take up the disks that are there",
        arguments: [true, false])
    func oneOfTwo(isLost: Bool) async throws {
        try await lab { virsh, daemon, id in
            try await set(daemon, "disks.data.size", "8MiB", at: "/lab/common")
            #expect(try await daemon.api.finish("rebuild", "/lab/vm")["state"] == "done")
            let (root, data) = ("\(virsh.directory)/\(id)-root.qcow2", "\(virsh.directory)/\(id)-data.qcow2")
            try await write(root)
            if isLost {
                try FileManager.default.removeItem(atPath: data)
            } else {
                try await write(data)
                _ = try await virsh.lines("detach-disk", id, "vdb", "--config")
            }
            try await drift(daemon, ["disks.data"])
            let reconciled = try await daemon.api.finish("reconcile", "/lab/vm")
            #expect(reconciled["error"]?.string?.contains("both with --keep-disks") == true, "\(reconciled)")
            for verb in ["destroy", "create"] {
                let operation = try await daemon.api.finish(verb, "/lab/vm", "?keepDisks=true")
                #expect(operation["state"] == "done", "\(operation)")
            }
            try await expectPattern(root)
            if !isLost { try await expectPattern(data) }
            #expect(FileManager.default.fileExists(atPath: data))
            #expect(try await daemon.api.get("/v1/tree/lab/vm")["drift"] == [])
            #expect(try await daemon.api.finish("start", "/lab/vm")["state"] == "done")
        }
    }

    @Test("a VM with UEFI firmware that is adopted keeps it, and so does what rebuild makes of it")
    func firmware() async throws {
        try await lab { virsh, daemon, id in
            #expect(try await daemon.api.finish("destroy", "/lab/vm")["state"] == "done")
            let name = "\(virsh.tag)-old"
            let scratch = try Scratch()
            let file = try scratch.write(
                "domain.xml",
                """
                <domain type='qemu'><name>\(name)</name><memory unit='MiB'>64</memory>
                <os firmware='efi'><type machine='q35'>hvm</type></os><features><acpi/></features></domain>
                """)
            _ = try await virsh.lines("define", file)
            let uuid = try #require(try await virsh.lines("domuuid", name).first)
            let adopted = try await daemon.api.send(
                "POST", "/v1/tree/lab/old:adopt", ["hypervisor": "lab", "uuid": .string(uuid)])
            try #require(adopted.status == 201, "\(adopted.text)")
            #expect(try await daemon.api.get("/v1/tree/lab/old")["definition"]?["firmware"] == "uefi")
            #expect(try await daemon.api.finish("start", "/lab/old")["state"] == "done")
            let nvram = "/var/lib/libvirt/qemu/nvram/\(name)_VARS.fd"
            defer { try? FileManager.default.removeItem(atPath: nvram) }
            #expect(FileManager.default.fileExists(atPath: nvram))
            for verb in ["poweroff", "start"] {
                #expect(try await daemon.api.finish(verb, "/lab/old")["state"] == "done", "\(verb)")
            }
            let rebuilt = try await daemon.api.finish("rebuild", "/lab/old")
            #expect(rebuilt["state"] == "done" && steps(rebuilt).contains("left: \(nvram)"), "\(rebuilt)")
            #expect(FileManager.default.fileExists(atPath: nvram))
            #expect(try await virsh.description(uuid).contains("firmware='efi'"))
            #expect(try await daemon.api.finish("start", "/lab/old")["state"] == "done")
            let destroyed = try await daemon.api.finish("destroy", "/lab/old")
            #expect(
                destroyed["state"] == "done" && !steps(destroyed).contains { $0.hasPrefix("left:") }, "\(destroyed)")
        }
    }

    @Test("devices and the processor's mode that were set by hand outlive a start with pending keys")
    func attached() async throws {
        try await lab { virsh, daemon, id in
            let extra = "\(virsh.directory)/extra.qcow2"
            _ = try await run(Repository.tool("qemu-img"), ["create", "-q", "-f", "qcow2", extra, "8M"])
            _ = try await virsh.lines("attach-disk", id, extra, "vdb", "--config", "--subdriver", "qcow2")
            try await virsh.edit(id) {
                $0.replacing(
                    "</devices>",
                    with: "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng></devices>"
                )
                .replacing(/<cpu mode='maximum'[^>]*>/, with: "<cpu mode='custom'><model>qemu64</model></cpu>")
            }
            // At its first start libvirt writes what it has chosen.
            for verb in ["start", "poweroff"] { _ = try await daemon.api.finish(verb, "/lab/vm") }
            let before = try await virsh.description(id)
            try #require(before.contains("<rng") && before.contains("qemu64"), "\(before)")
            try await drift(daemon, ["disks.vdb"])
            try await set(daemon, "hardware.memory", "96MiB")
            let started = try await daemon.api.finish("start", "/lab/vm")
            #expect(started["state"] == "done" && steps(started) == ["update", "start"], "\(started)")
            let memory = before.replacing(">65536<", with: ">98304<")
            #expect(try await virsh.description(id) == memory)
            _ = try await daemon.api.finish("poweroff", "/lab/vm")
        }
    }

    @Test("a VM that was undefined is made again with its disk only where that is asked for")
    func undefined() async throws {
        try await lab { virsh, daemon, id in
            let disk = "\(virsh.directory)/\(id)-root.qcow2"
            try await write(disk)
            _ = try await virsh.lines("undefine", id)
            _ = try await daemon.api.finish("reconcile", "/lab/vm")
            let refused = try await daemon.api.finish("create", "/lab/vm")
            #expect(refused["state"] == "failed")
            #expect(refused["error"]?.string?.hasSuffix("create with --keep-disks takes it up as it is") == true)
            try await expectPattern(disk)
            let made = try await daemon.api.finish("create", "/lab/vm", "?keepDisks=true")
            #expect(made["state"] == "done", "\(made)")
            try await expectPattern(disk)
            #expect(try await daemon.api.finish("start", "/lab/vm")["state"] == "done")
        }
    }

    @Test("a rebuild that could not make the VM anew leaves it running, and a folder's leaves all of them")
    func rebuild() async throws {
        try await lab { virsh, daemon, id in
            let disk = "\(virsh.directory)/\(id)-root.qcow2"
            try await write(disk)
            #expect(try await daemon.api.finish("start", "/lab/vm")["state"] == "done")
            for (key, value, reason) in [
                ("image", "none", "image none: there is no file /nonexistent.qcow2 on the hypervisor's host"),
                ("image", .null, ""),
                ("disks.root.pool", "ssd", "there is no storage pool \"\(virsh.tag)-ssd\""),
                ("disks.root.pool", .null, ""),
                ("nics.eth0.network", "lan", "nic eth0: there is no network \"\(virsh.tag)-lan\""),
                ("nics.eth0", .null, ""),
                ("machine", "nosuch", "No PCI buses available"),
            ] as [(String, Value, String)] {
                try await set(daemon, key, value, at: "/lab/common")
                guard value != .null else { continue }
                let rebuilt = try await daemon.api.finish("rebuild", "/lab")
                #expect(rebuilt["state"] == "failed", "\(key): \(rebuilt)")
                #expect(rebuilt["error"]?.string?.contains(reason) == true, "\(key): \(rebuilt)")
                #expect(try await daemon.api.get("/v1/tree/lab/vm")["state"] == "running")
                #expect(try await virsh.lines("domstate", id) == ["running"])
            }
            try await set(daemon, "machine", .null, at: "/lab/common")
            try await expectPattern(disk)
            #expect(try await daemon.api.finish("rebuild", "/lab")["state"] == "done")
            await #expect(throws: (any Error).self) { try await expectPattern(disk) }
        }
    }

    @Test("a VM that is forgotten is named with the disk that it has by then, and with what a destroy leaves")
    func forgotten() async throws {
        try await lab { virsh, daemon, id in
            _ = try await virsh.lines("snapshot-create-as", id, "nightly", "--disk-only")
            let destroyed = try await daemon.api.finish("destroy", "/lab/vm", "?forget=true")
            #expect(destroyed["state"] == "done", "\(destroyed)")
            let overlay = "\(virsh.directory)/\(id)-root.nightly"
            #expect(steps(destroyed).last?.hasSuffix(", UUID \(id), disks \(overlay)") == true, "\(destroyed)")
        }
    }

    /// Gives a daemon with the machine /lab/vm, which is created, and takes both away again.
    private func lab(_ body: (Virsh, Daemon, String) async throws -> Void) async throws {
        try await Virsh.with { virsh in
            let scratch = try Scratch()
            let daemon = try await Daemon.start(in: scratch)
            try await daemon.api.put(
                "/lab", "folder",
                [
                    "hypervisor": "lab", "hypervisors": ["lab": ["driver": "libvirt", "uri": "qemu:///system"]],
                    "pools": [
                        "default": ["pool": .string(virsh.tag), "path": .string(virsh.directory)],
                        "ssd": ["pool": .string("\(virsh.tag)-ssd")],
                    ],
                    "networks": ["lan": ["network": .string("\(virsh.tag)-lan")]],
                    "images": ["none": ["file": "/nonexistent.qcow2"]],
                    "disks": ["root": ["size": "16MiB"]], "hardware": ["cpus": 1, "memory": "64MiB"],
                ])
            // What libvirt calls it is nobody else's.
            try await daemon.api.put("/lab/vm")
            let created = try await daemon.api.finish("create", "/lab/vm")
            try #require(created["state"] == "done", "\(created)")
            let id = try #require(try await daemon.api.get("/v1/tree/lab/vm")["vm"]?["uuid"]?.string)
            let result: Result<Void, any Error>
            do {
                result = .success(try await body(virsh, daemon, id))
            } catch {
                result = .failure(error)
            }
            _ = try await virsh("destroy", id)
            _ = try await virsh("undefine", "--snapshots-metadata", id)
            #expect(await daemon.end() == 0)
            try result.get()
        }
    }

    private func set(_ daemon: Daemon, _ key: String, _ value: Value, at path: String = "/lab/vm") async throws {
        let patch = key.split(separator: ".").reversed().reduce(value) { .map([Key(String($1)): $0]) }
        let answer = try await daemon.api.send("PATCH", "/v1/tree\(path)", patch)
        try #require(answer.status == 200, "\(answer.text)")
    }

    private func drift(_ daemon: Daemon, _ keys: [String]) async throws {
        // The daemon looks again every ten seconds.
        for _ in 0..<150 {
            if try await daemon.api.get("/v1/tree/lab/vm")["drift"] == .list(keys.map(Value.string)) { return }
            try await Task.sleep(for: .milliseconds(200))
        }
        #expect(try await daemon.api.get("/v1/tree/lab/vm")["drift"] == .list(keys.map(Value.string)))
    }

    private func write(_ disk: String) async throws {
        _ = try await run(Repository.tool("qemu-io"), ["-c", "write -P 0xbb 0 64k", disk])
    }

    private func expectPattern(_ disk: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let outcome = try await run(Repository.tool("qemu-io"), ["-U", "-r", "-c", "read -P 0xbb 0 64k", disk])
        guard outcome.status == 0, !outcome.output.contains("verification failed") else {
            throw PatternLost(description: outcome.output + outcome.errors)
        }
    }

    private struct PatternLost: Error, CustomStringConvertible {
        let description: String
    }

    private func steps(_ operation: Value) -> [String] {
        operation["steps"]?.list?.compactMap { $0["text"]?.string } ?? []
    }
}
