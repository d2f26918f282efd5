import Foundation
import Hypervisor
import Lifecycle
import Testing
import Tree

@Suite("What was changed on QEMU behind our back, in the list of all machines", .serialized)
struct DriftTests {
    @Test(
        "a disk that was resized has its new size, and one that was lost is missing, whether libvirt was asked or not")
    func disks() async throws {
        try await Bench.qemu.run { laboratory in
            let specification = laboratory.specification("web") { specification in
                specification.disks = ["a", "b", "c", "d"].map {
                    Disk(name: $0, pool: laboratory.pool, origin: .empty, size: Size(bytes: 4 << 20))
                }
            }
            try await laboratory.driver.create(specification)
            let before = try await listed(specification, laboratory)
            #expect(before.disks.map(\.capacity) == Array(repeating: Size(bytes: 4 << 20), count: 4))
            let files = specification.disks.map {
                "/var/lib/libvirt/\(laboratory.tag)/\(specification.id)-\($0.name).qcow2"
            }
            try Shell.virsh("vol-resize", files[0], "6M")
            try Shell.run("qemu-img", "resize", "-q", files[1], "8M")
            try Shell.virsh("vol-delete", files[2])
            try FileManager.default.removeItem(atPath: files[3])
            let after = try await listed(specification, laboratory)
            #expect(after.disks.map(\.capacity) == [Size(bytes: 6 << 20), Size(bytes: 8 << 20), nil, nil])
            #expect(after.disks.map(\.isMissing) == [false, false, true, true])
            #expect(try await laboratory.driver.observe(specification.id)?.disks == after.disks)
        }
    }

    @Test("a disk in a pool that is off is not known to be gone")
    func stopped() async throws {
        try await Bench.qemu.run { laboratory in
            let specification = laboratory.specification("web") {
                $0.disks[0].pool = Pool(name: "\(laboratory.tag)-off", path: "/var/lib/libvirt/\(laboratory.tag)-off")
            }
            try await laboratory.driver.create(specification)
            try Shell.virsh("pool-destroy", "\(laboratory.tag)-off")
            #expect(try await listed(specification, laboratory).disks.map(\.isMissing) == [false])
            #expect(try await laboratory.driver.observe(specification.id)?.disks.map(\.isMissing) == [false])
            try Shell.virsh("pool-start", "\(laboratory.tag)-off")
        }
    }

    @Test("a card whose address was changed keeps its name, one that was added gets one of its own")
    func cards() async throws {
        try await Bench.qemu.run { laboratory in
            let specification = laboratory.specification("web") { specification in
                specification.nics = ["eth0", "lan"].map {
                    NIC(
                        name: $0, network: .network(laboratory.network),
                        mac: .allocate(for: specification.id, nic: $0, attempt: 0))
                }
            }
            try await laboratory.driver.create(specification)
            let old = specification.nics[0].mac.description
            let text = try Shell.virsh("dumpxml", "--inactive", "\(specification.id)")
            let start = try #require(text.range(of: "<mac address='\(old)'"))
            let changed = text.replacingCharacters(in: start, with: "<mac address='52:54:00:00:00:77'")
            let file = FileManager.default.temporaryDirectory.appending(path: "\(laboratory.tag)-web.xml")
            try Data(changed.utf8).write(to: file)
            defer { try? FileManager.default.removeItem(at: file) }
            try Shell.virsh("define", file.path())
            try Shell.virsh(
                "attach-interface", "\(specification.id)", "network", laboratory.network, "--mac", "52:54:00:00:00:78",
                "--config")
            let nics = try await listed(specification, laboratory).nics
            #expect(nics.map(\.name) == ["eth0", "lan", "eth1"])
            #expect(nics.map(\.mac) == [MAC("52:54:00:00:00:77"), specification.nics[1].mac, MAC("52:54:00:00:00:78")])
        }
    }

    @Test("a card of a running machine has the hypervisor's name of its other end")
    func device() async throws {
        try await Bench.qemu.run { laboratory in
            let specification = laboratory.specification("web")
            try await laboratory.driver.create(specification)
            #expect(try await laboratory.driver.observe(specification.id)?.nics.map(\.device) == [nil])
            try await laboratory.driver.start(specification.id)
            let device = try await laboratory.driver.observe(specification.id)?.nics.first?.device
            let listed = try Shell.virsh("domiflist", "\(specification.id)")
            #expect(
                listed.split(whereSeparator: \.isWhitespace).map(String.init).contains(device ?? "none"), "\(listed)")
        }
    }

    private func listed(_ specification: Specification, _ laboratory: Laboratory) async throws -> Observation {
        try #require(try await laboratory.driver.list().first { $0.id == specification.id })
    }
}
