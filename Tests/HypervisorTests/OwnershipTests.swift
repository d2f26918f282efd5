import Foundation
import Hypervisor
import Lifecycle
import Testing
import Tree

@Suite("Whose disks are deleted on QEMU", .serialized)
struct OwnershipTests {
    private let hint = "; destroy with --keep-disks takes the VM and leaves all its disks"

    @Test(
        "a clone, to which our mark was copied, is nobody's, and destroying it leaves the original's disks and its own")
    func clone() async throws {
        try await Bench.qemu.run { laboratory in
            let specification = laboratory.specification("web")
            try await laboratory.driver.create(specification)
            let id = EntryID.random()
            let mac = MAC.allocate(for: id, nic: "eth0", attempt: 0)
            let text = try Shell.virsh("dumpxml", "\(specification.id)")
            let own = root(specification, laboratory)
            let copy = "/var/lib/libvirt/\(laboratory.tag)/clone.qcow2"
            try FileManager.default.copyItem(atPath: own, toPath: copy)
            // As virt-clone does it.
            try laboratory.define(
                text.replacing("\(specification.id)</uuid>", with: "\(id)</uuid>")
                    .replacing("<name>", with: "<name>\(laboratory.tag).clone-").replacing(own, with: copy)
                    .replacing("<mac address='\(specification.nics[0].mac)'", with: "<mac address='\(mac)'"))
            let found = try #require(try await laboratory.driver.observe(id))
            #expect(!found.isOurs && found.disks.map(\.name) == ["vda"] && found.disks.map(\.place) == [copy])
            #expect(try await laboratory.driver.destroy(id, disks: [], keepDisks: false) == [copy])
            #expect(FileManager.default.fileExists(atPath: own) && FileManager.default.fileExists(atPath: copy))
            #expect(try await laboratory.driver.observe(specification.id)?.disks.map(\.isMissing) == [false])
        }
    }

    @Test("after an external snapshot the disk is another one, and destroy stops and names it")
    func snapshot() async throws {
        try await Bench.qemu.run { laboratory in
            let specification = laboratory.specification("web")
            try await laboratory.driver.create(specification)
            try Shell.virsh("snapshot-create-as", "\(specification.id)", "nightly", "--disk-only")
            let overlay = root(specification, laboratory).replacing(".qcow2", with: ".nightly")
            let seen = try #require(try await laboratory.driver.observe(specification.id))
            #expect(seen.disks.map(\.name) == ["root"] && seen.disks.map(\.isReplaced) == [true])
            #expect(seen.disks.map(\.place) == [overlay])
            let listed = try await laboratory.driver.list().first { $0.id == specification.id }
            #expect(listed?.disks.map(\.isReplaced) == [true] && listed?.disks.map(\.place) == [overlay])
            try await laboratory.driver.start(specification.id)
            let error = await laboratory.failure { () throws(DriverError) in
                try await laboratory.driver.destroy(specification)
            }
            #expect(error?.kind == .conflict)
            #expect(error?.message == "disk root: the VM's disk is another file than was applied: \(overlay)\(hint)")
            #expect(try await laboratory.driver.observe(specification.id)?.power == .running)
            #expect(try await laboratory.driver.destroy(specification, keepDisks: true) == [overlay])
            #expect(FileManager.default.fileExists(atPath: overlay))
            #expect(FileManager.default.fileExists(atPath: root(specification, laboratory)))
        }
    }

    @Test("a machine without our mark is destroyed with its disks, for record, name and source still agree")
    func mark() async throws {
        try await Bench.qemu.run { laboratory in
            let specification = laboratory.specification("web")
            try await laboratory.driver.create(specification)
            try await #require(laboratory.driver as? any Releasing).release(specification.id)
            #expect(try await laboratory.driver.destroy(specification) == [])
            #expect(!FileManager.default.fileExists(atPath: root(specification, laboratory)))
        }
    }

    @Test("a disk that was attached by hand is left and told; one that was detached stops destroy")
    func byHand() async throws {
        try await Bench.qemu.run { laboratory in
            let specification = laboratory.specification("web")
            try await laboratory.driver.create(specification)
            let extra = "/var/lib/libvirt/\(laboratory.tag)/extra.qcow2"
            try Shell.run("qemu-img", "create", "-q", "-f", "qcow2", extra, "1M")
            let id = "\(specification.id)"
            try Shell.virsh("attach-disk", id, extra, "vdb", "--config", "--subdriver", "qcow2")
            try Shell.virsh("detach-disk", id, "vda", "--config")
            let error = await laboratory.failure { () throws(DriverError) in
                try await laboratory.driver.destroy(specification)
            }
            #expect(
                error?.message
                    == "disk root: the VM no longer has its disk, but the volume \"\(id)-root.qcow2\" is there\(hint)")
            let own = root(specification, laboratory)
            try Shell.virsh("attach-disk", id, own, "vda", "--config", "--subdriver", "qcow2")
            #expect(try await laboratory.driver.destroy(specification) == [extra])
            #expect(FileManager.default.fileExists(atPath: extra) && !FileManager.default.fileExists(atPath: own))
        }
    }

    @Test("a pool that is off or no longer there stops destroy, which says what to do")
    func pool() async throws {
        try await Bench.qemu.run { laboratory in
            let name = "\(laboratory.tag)-own"
            let specification = laboratory.specification("web") {
                $0.disks[0].pool = Pool(name: name, path: "/var/lib/libvirt/\(name)")
            }
            try await laboratory.driver.create(specification)
            let description = try Shell.virsh("pool-dumpxml", name)
            try Shell.virsh("pool-destroy", name)
            let off = await laboratory.failure { () throws(DriverError) in
                try await laboratory.driver.destroy(specification)
            }
            #expect(
                off?.message
                    == "disk root: the storage pool \"\(name)\" is off and it cannot be deleted; start that\(hint)")
            try Shell.virsh("pool-undefine", name)
            let gone = await laboratory.failure { () throws(DriverError) in
                try await laboratory.driver.destroy(specification)
            }
            #expect(
                gone?.message
                    == "disk root: there is no storage pool \"\(name)\" to delete it from; define that again\(hint)")
            #expect(try await laboratory.driver.observe(specification.id)?.power == .off)
            let file = FileManager.default.temporaryDirectory.appending(path: "\(name).xml")
            try Data(description.utf8).write(to: file)
            defer { try? FileManager.default.removeItem(at: file) }
            try Shell.virsh("pool-define", file.path())
            try Shell.virsh("pool-start", name)
            try await laboratory.driver.destroy(specification)
            #expect(try FileManager.default.contentsOfDirectory(atPath: "/var/lib/libvirt/\(name)") == [])
        }
    }

    private func root(_ specification: Specification, _ laboratory: Laboratory) -> String {
        "/var/lib/libvirt/\(laboratory.tag)/\(specification.id)-root.qcow2"
    }
}
