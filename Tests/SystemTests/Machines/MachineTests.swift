import Foundation
import Testing
import Tree

@Suite("A machine on QEMU", .serialized)
struct MachineTests {
    @Test("described in YAML it is created, runs, outlives the daemon, stops, and is gone with its disks")
    func life() async throws {
        try await Virsh.with { virsh in
            let scratch = try Scratch()
            let daemon = try await Daemon.start(in: scratch)
            let description = """
                kind: vm
                definition:
                  hypervisor: lab
                  hypervisors: {lab: {driver: libvirt, uri: "qemu:///system"}}
                  pools: {default: {pool: \(virsh.tag), path: \(virsh.directory)}}
                  images: {ipxe: {file: /usr/lib/ipxe/ipxe.iso}}
                  hardware: {cpus: 1, memory: 64MiB}
                  disks:
                    root: {pool: default, size: 16MiB, bus: virtio, format: qcow2}
                    data: {pool: default, size: 8MiB, bus: virtio, format: raw}
                  cdroms: {boot: {image: ipxe}}
                  boot: [cdrom]
                """
            let put = try await daemon.api.send(
                "PUT", "/v1/tree/lab/web?parents=true", Array(description.utf8), type: "application/yaml")
            #expect(put.status == 201, "\(put.text)")

            let created = try await daemon.api.finish("create", "/lab/web")
            #expect(created["state"] == "done", "\(created)")
            let entry = try await daemon.api.get("/v1/tree/lab/web")
            #expect(entry["state"] == "created")
            let id = try #require(entry["vm"]?["uuid"]?.string)
            #expect(try await virsh.lines("domstate", id) == ["shut off"])
            let volumes = try await virsh.lines("vol-list", virsh.tag).compactMap { $0.split(separator: " ").first }
            #expect(volumes.sorted() == ["\(id)-data.raw", "\(id)-root.qcow2"])

            let started = try await daemon.api.finish("start", "/lab/web")
            #expect(started["state"] == "done", "\(started)")
            #expect(try await virsh.lines("domstate", id) == ["running"])
            #expect(try await virsh.lines("list", "--uuid").contains(id))
            #expect(try await daemon.api.get("/pillar/web.lab")["headwater"]?["state"] == "running")

            await daemon.end(SIGKILL)
            #expect(try await virsh.lines("domstate", id) == ["running"])
            let second = try await Daemon.start(in: scratch)
            #expect(try await second.api.get("/v1/tree/lab/web")["state"] == "running")
            #expect(try await second.api.send("DELETE", "/v1/tree/lab/web").status == 409)

            let stopped = try await second.api.finish("stop", "/lab/web")
            #expect(stopped["state"] == "done", "\(stopped)")
            #expect(try await virsh.lines("domstate", id) == ["shut off"])

            #expect(try await second.api.finish("start", "/lab/web")["state"] == "done")
            let destroyed = try await second.api.finish("destroy", "/lab/web")
            #expect(destroyed["state"] == "done", "\(destroyed)")
            #expect(try await virsh("domstate", id).status != 0)
            #expect(try await virsh.lines("vol-list", virsh.tag) == [])
            #expect(try FileManager.default.contentsOfDirectory(atPath: virsh.directory) == [])
            let gone = try await second.api.get("/v1/tree/lab/web")
            #expect(gone["state"] == "provisioned")
            #expect(gone["vm"] == .null)
            #expect(try await second.api.send("DELETE", "/v1/tree/lab/web").status == 204)
            #expect(await second.end() == 0)
        }
    }

    @Test("a machine that QEMU cannot be given is a failed operation that says why, and leaves no disk behind")
    func failure() async throws {
        try await Virsh.with { virsh in
            try await Daemon.run { daemon in
                try await daemon.api.put(
                    "/lab/web", "vm",
                    [
                        "hypervisor": "lab", "hypervisors": ["lab": ["driver": "libvirt", "uri": "qemu:///system"]],
                        "pools": ["default": ["pool": .string(virsh.tag), "path": .string(virsh.directory)]],
                        "images": ["none": ["pool": "default", "volume": "none.qcow2"]],
                        "hardware": ["cpus": 1, "memory": "64MiB"],
                        "disks": [
                            "data": ["pool": "default", "size": "8MiB"],
                            "root": ["pool": "default", "image": "none", "mode": "overlay", "size": "16MiB"],
                        ],
                    ])
                let created = try await daemon.api.finish("create", "/lab/web")
                #expect(created["state"] == "failed")
                #expect(created["error"]?.string?.contains("none.qcow2") == true, "\(created)")
                let entry = try await daemon.api.get("/v1/tree/lab/web")
                #expect(entry["state"] == "failed")
                #expect(entry["reason"]?.string?.contains("none.qcow2") == true, "\(entry)")
                #expect(try await daemon.api.finish("destroy", "/lab/web")["state"] == "done")
                #expect(try FileManager.default.contentsOfDirectory(atPath: virsh.directory) == [])
            }
        }
    }
}
