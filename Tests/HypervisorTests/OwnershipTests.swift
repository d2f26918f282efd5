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
            // The whole chain: neither is of use without the other.
            let own = root(specification, laboratory)
            #expect(try await laboratory.driver.destroy(specification, keepDisks: true) == [overlay, own])
            #expect(FileManager.default.fileExists(atPath: overlay))
            let taken = await laboratory.failure { () throws(DriverError) in
                try await laboratory.driver.create(specification, keepDisks: true)
            }
            #expect(taken?.message.hasPrefix("disk root: \(overlay) holds what was written since a snapshot") == true)
            #expect(FileManager.default.fileExists(atPath: root(specification, laboratory)))
        }
    }

    @Test("a machine without our mark is not destroyed, with its disks or without")
    func mark() async throws {
        try await Bench.qemu.run { laboratory in
            let specification = laboratory.specification("web")
            try await laboratory.driver.create(specification)
            try await #require(laboratory.driver as? any Releasing).release(specification.id)
            for keepDisks in [false, true] {
                let error = await laboratory.failure { () throws(DriverError) in
                    try await laboratory.driver.destroy(specification, keepDisks: keepDisks)
                }
                #expect(
                    error?.message
                        == "the VM was not made here, or was released, or our mark was taken from it, and is left as it is; adopt takes it over"
                )
            }
            #expect(try await laboratory.driver.observe(specification.id)?.disks.map(\.isMissing) == [false])
            // As it is done to one that was adopted.
            let own = root(specification, laboratory)
            #expect(try await laboratory.driver.destroy(specification.id, disks: [], keepDisks: false) == [own])
            #expect(FileManager.default.fileExists(atPath: own))
        }
    }

    @Test("a disk that another VM has, too, is not deleted, whether that VM is on or off")
    func shared() async throws {
        try await Bench.qemu.run { laboratory in
            let specification = laboratory.specification("web")
            try await laboratory.driver.create(specification)
            let (id, name) = (EntryID.random(), "\(laboratory.tag).twin")
            let text = try Shell.virsh("dumpxml", "\(specification.id)")
            try laboratory.define(
                text.replacing("\(specification.id)</uuid>", with: "\(id)</uuid>")
                    .replacing(#/<name>[^<]*</name>/#, with: "<name>\(name)</name>")
                    .replacing(#/<metadata>.*</metadata>/#.dotMatchesNewlines(), with: ""))
            for isOn in [false, true] {
                if isOn { try await laboratory.driver.start(id) }
                let error = await laboratory.failure { () throws(DriverError) in
                    try await laboratory.driver.destroy(specification)
                }
                #expect(error?.message == "disk root: the VM \"\(name)\" uses it\(hint)")
            }
            #expect(try await laboratory.driver.observe(specification.id)?.disks.map(\.isMissing) == [false])
            let kept = try await laboratory.driver.destroy(specification, keepDisks: true)
            #expect(kept == [root(specification, laboratory)])
        }
    }

    @Test(
        "a disk that an overlay depends on is not deleted, whoever made that, where it is a VM's and where it is nobody's"
    )
    func overlays() async throws {
        try await Bench.qemu.run { laboratory in
            let specification = laboratory.specification("gold")
            try await laboratory.driver.create(specification)
            let own = root(specification, laboratory)
            let image = Image(name: "gold", source: .file(own))
            let other = laboratory.specification("leaner") {
                $0.disks[0].origin = .overlay(image)
                $0.disks[0].size = nil
            }
            try await laboratory.driver.create(other)
            let overlay = root(other, laboratory)
            // Its machine is gone from the records as from the hypervisor.
            try Shell.virsh("undefine", "\(other.id)")
            let refusal = "disk root: \(overlay) holds only what differs from it, and is worthless without it\(hint)"
            let known = await laboratory.failure { () throws(DriverError) in
                try await laboratory.driver.destroy(specification)
            }
            #expect(known?.message == refusal)
            try Shell.virsh("undefine", "\(specification.id)")
            let alone = await laboratory.failure { () throws(DriverError) in
                try await laboratory.driver.destroy(specification)
            }
            #expect(alone?.message == refusal)
            #expect(try await laboratory.driver.destroy(other) == [])
            // One that libvirt has not seen yet, in another pool.
            let pool = "\(laboratory.tag)-hand"
            let hand = "/var/lib/libvirt/\(pool)/hand.qcow2"
            try Shell.virsh("pool-create-as", pool, "dir", "--target", "/var/lib/libvirt/\(pool)", "--build")
            try Shell.run("qemu-img", "create", "-q", "-f", "qcow2", "-b", own, "-F", "qcow2", hand)
            let unseen = await laboratory.failure { () throws(DriverError) in
                try await laboratory.driver.destroy(specification)
            }
            #expect(unseen?.message == refusal.replacing(overlay, with: hand))
            try FileManager.default.removeItem(atPath: hand)
            #expect(try await laboratory.driver.destroy(specification) == [])
            #expect(!FileManager.default.fileExists(atPath: own))
        }
    }

    @Test("an overlay of a disk that a machine is writing to is not made")
    func written() async throws {
        try await Bench.qemu.run { laboratory in
            let specification = laboratory.specification("gold")
            try await laboratory.driver.create(specification)
            try await laboratory.driver.start(specification.id)
            let file = "\(specification.id)-root.qcow2"
            for source in [Image.Source.file(root(specification, laboratory)), .volume(file, pool: laboratory.pool)] {
                let other = laboratory.specification("leaner") {
                    $0.disks[0].origin = .overlay(Image(name: "gold", source: source))
                    $0.disks[0].size = nil
                }
                for isMade in [false, true] {
                    let error = await laboratory.failure { () throws(DriverError) in
                        if isMade {
                            try await laboratory.driver.create(other)
                        } else {
                            try await laboratory.driver.check(other)
                        }
                    }
                    #expect(
                        error?.message
                            == "disk root: image gold: the VM \"\(specification.name)\" is on and writes to its disk \"\(file)\", which an overlay cannot depend on; stop it first, or make a copy"
                    )
                }
            }
        }
    }

    @Test("what was merged into a disk again does not keep it from being deleted, and is left and told")
    func merged() async throws {
        try await Bench.qemu.run { laboratory in
            let specification = laboratory.specification("web")
            let id = "\(specification.id)"
            try await laboratory.driver.create(specification)
            try await laboratory.driver.start(specification.id)
            try Shell.virsh("snapshot-create-as", id, "nightly", "--disk-only", "--no-metadata")
            let own = root(specification, laboratory)
            let overlay = own.replacing(".qcow2", with: ".nightly")
            // The guest's writes are in the overlay, and in the disk below it what they differ from.
            let error = await laboratory.failure { () throws(DriverError) in
                try await laboratory.driver.destroy(specification)
            }
            #expect(error?.message == "disk root: the VM's disk is another file than was applied: \(overlay)\(hint)")
            try Shell.virsh("blockcommit", id, "vda", "--active", "--pivot", "--wait")
            #expect(try await laboratory.driver.destroy(specification) == [overlay])
            #expect(!FileManager.default.fileExists(atPath: own))
        }
    }

    @Test("of a disk in another place than its pool's, which has the same name, destroy says so and deletes nothing")
    func moved() async throws {
        try await Bench.qemu.run { laboratory in
            let name = "\(laboratory.tag)-own"
            let specification = laboratory.specification("web") {
                $0.disks[0].pool = Pool(name: name, path: "/var/lib/libvirt/\(name)")
            }
            try await laboratory.driver.create(specification)
            let own = "/var/lib/libvirt/\(name)/\(specification.id)-root.qcow2"
            try Shell.virsh("pool-destroy", name)
            try Shell.virsh("pool-undefine", name)
            let place = "/var/lib/libvirt/\(name)-new"
            try Shell.virsh("pool-define-as", name, "dir", "--target", place)
            try Shell.virsh("pool-build", name)
            try Shell.virsh("pool-start", name)
            for seen in [
                try await laboratory.driver.observe(specification.id),
                try await laboratory.driver.list().first { $0.id == specification.id },
            ] {
                #expect(seen?.disks.map(\.isReplaced) == [true] && seen?.disks.map(\.place) == [own])
            }
            let error = await laboratory.failure { () throws(DriverError) in
                try await laboratory.driver.destroy(specification)
            }
            #expect(error?.message == "disk root: the VM's disk is another file than was applied: \(own)\(hint)")
            #expect(try await laboratory.driver.destroy(specification, keepDisks: true) == [own])
            #expect(FileManager.default.fileExists(atPath: own))
        }
    }

    @Test("create with kept disks says which were there, and makes none anew beside one of another format or pool")
    func kept() async throws {
        try await Bench.qemu.run { laboratory in
            var specification = laboratory.specification("web")
            #expect(try await laboratory.driver.create(specification, keepDisks: true) == [])
            try await laboratory.driver.destroy(specification, keepDisks: true)
            specification.disks.append(
                Disk(name: "data", pool: laboratory.pool, origin: .empty, size: Size(bytes: 1 << 20)))
            #expect(try await laboratory.driver.create(specification, keepDisks: true) == ["root"])
            try await laboratory.driver.destroy(specification, keepDisks: true)
            let own = root(specification, laboratory)
            let other = Pool(name: "\(laboratory.tag)-other", path: "/var/lib/libvirt/\(laboratory.tag)-other")
            let raw = "\(specification.id)-root.raw"
            for (change, missing) in [
                ({ $0.disks[0].format = .raw }, raw), ({ $0.disks[0].pool = other }, "\(specification.id)-root.qcow2"),
            ] as [((inout Specification) -> Void, String)] {
                var changed = specification
                change(&changed)
                let error = await laboratory.failure { () throws(DriverError) in
                    try await laboratory.driver.create(changed, keepDisks: true)
                }
                #expect(
                    error?.message
                        == "disk root: there is no volume \"\(missing)\", but \(own), which may be what was kept; give the disk that format and pool, or move that away to have it made anew"
                )
            }
            #expect(try await laboratory.driver.create(specification, keepDisks: true) == ["root", "data"])
        }
    }

    @Test("a machine of ours that is there with other disks is not taken for the one that is to be made")
    func other() async throws {
        try await Bench.qemu.run { laboratory in
            var specification = laboratory.specification("web")
            specification.build = 1
            try await laboratory.driver.create(specification)
            try await laboratory.driver.create(specification)
            specification.build = 2
            try await laboratory.driver.create(specification)
            #expect(try await laboratory.driver.observe(specification.id)?.build == 2)
            specification.disks.append(
                Disk(name: "data", pool: laboratory.pool, origin: .empty, size: Size(bytes: 1 << 20)))
            specification.build = 3
            let error = await laboratory.failure { () throws(DriverError) in
                try await laboratory.driver.create(specification)
            }
            #expect(
                error?.message
                    == "there is a VM of this UUID that was made here, with other disks than the definition has: root; adopt takes it over as it is"
            )
            #expect(try await laboratory.driver.observe(specification.id)?.build == 2)
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
