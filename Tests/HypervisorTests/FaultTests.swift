import Foundation
import Hypervisor
import Lifecycle
import Testing
import Tree

@Suite("A creation on QEMU that fails in the middle", .serialized)
struct FaultTests {
    /// What is wrong with a machine whose first disk can be made.
    enum Fault: CaseIterable {
        case imageMissing, fileMissing, poolMissing, tooSmall, discMissing, refused

        func spoil(_ specification: inout Specification, _ laboratory: Laboratory, _ image: Image) {
            let pool = laboratory.pool
            func add(_ origin: Disk.Origin, in pool: Pool, _ size: Size? = nil) {
                specification.disks.append(Disk(name: "data", pool: pool, origin: origin, size: size))
            }
            switch self {
            case .imageMissing: add(.overlay(Image(name: "lost", source: .volume("lost.qcow2", pool: pool))), in: pool)
            case .fileMissing:
                add(.copy(Image(name: "lost", source: .file("/var/lib/libvirt/\(laboratory.tag)/lost.img"))), in: pool)
            case .poolMissing: add(.overlay(image), in: Pool(name: "\(laboratory.tag)-none"))
            case .tooSmall: add(.copy(image), in: pool, Size(bytes: 4 << 20))
            case .discMissing:
                let image = Image(name: "lost", source: .volume("lost.iso", pool: Pool(name: "\(laboratory.tag)-none")))
                specification.cdroms.append(Specification.CDROM(name: "cd", image: image))
            case .refused: specification.machine = "nosuch"
            }
        }

        func message(_ laboratory: Laboratory) -> String {
            let tag = laboratory.tag
            return switch self {
            case .imageMissing: "disk data: image lost: pool \"\(tag)\" has no volume \"lost.qcow2\""
            case .fileMissing:
                "disk data: image lost: there is no file /var/lib/libvirt/\(tag)/lost.img on the hypervisor's host"
            case .poolMissing:
                "disk data: there is no storage pool \"\(tag)-none\"; make it, or give the pool a path to make it of"
            case .tooSmall: "disk data: 4MiB is smaller than its image base, which has 8MiB"
            case .discMissing:
                "cdrom cd: image lost: there is no storage pool \"\(tag)-none\"; make it, or give the pool a path to make "
                    + "it of"
            case .refused: "XML error: No PCI buses available"
            }
        }
    }

    @Test("takes away what it has made, and names the disk, the pool and the image", arguments: Fault.allCases)
    func revert(fault: Fault) async throws {
        try await Bench.qemu.run { laboratory in
            try await laboratory.driver.create(laboratory.specification("pool"))
            let image = try laboratory.image()
            let before = try files(laboratory)
            let specification = laboratory.specification("web") {
                $0.disks[0].origin = .overlay(image)
                fault.spoil(&$0, laboratory, image)
            }
            let error = await laboratory.failure { () throws(DriverError) in
                try await laboratory.driver.create(specification)
            }
            #expect(error?.message == fault.message(laboratory))
            #expect(try files(laboratory) == before)
            let found = try await laboratory.driver.observe(specification.id)
            #expect(found == nil)
        }
    }

    @Test(
        "is foreseen by a check, which leaves the machine that is there and the pool as they are",
        arguments: Fault.allCases)
    func foresee(fault: Fault) async throws {
        try await Bench.qemu.run { laboratory in
            let specification = laboratory.specification("web")
            try await laboratory.driver.create(specification)
            let image = try laboratory.image()
            let before = try files(laboratory)
            var changed = specification
            fault.spoil(&changed, laboratory, image)
            let error = await laboratory.failure { () throws(DriverError) in
                try await laboratory.driver.check(changed)
            }
            #expect(error?.message == fault.message(laboratory))
            #expect(try files(laboratory) == before)
            #expect(try await laboratory.driver.observe(specification.id)?.disks.map(\.isMissing) == [false])
            #expect(try Shell.virsh("list", "--all", "--name").contains("\(specification.name)~") == false)
        }
    }

    @Test("of a network that is not there is foreseen by a check")
    func network() async throws {
        for bench in Bench.withStorage {
            try await bench.run { laboratory in
                let specification = laboratory.specification("web") {
                    $0.nics[0].network = .network("\(laboratory.tag)-none")
                }
                let error = await laboratory.failure { () throws(DriverError) in
                    try await laboratory.driver.check(specification)
                }
                #expect(error?.kind == .notFound)
                #expect(error?.message == "nic eth0: there is no network \"\(laboratory.tag)-none\"")
            }
        }
    }

    @Test("a pool that has no room left is named, with the room that it has, and what was begun is taken away")
    func full() async throws {
        try await Bench.qemu.run { laboratory in
            let directory = "/var/lib/libvirt/\(laboratory.tag)-full"
            let images = "/var/lib/libvirt/\(laboratory.tag)-images"
            for path in [directory, images] {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            }
            try Shell.run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", directory)
            defer { _ = try? Shell.run("umount", directory) }
            let content = (0..<4 << 20).map { _ in UInt8.random(in: 1 ... .max) }
            try Data(content).write(to: URL(filePath: "\(images)/base.img"))
            let image = Image(name: "base", source: .file("\(images)/base.img"))
            let pool = Pool(name: "\(laboratory.tag)-full", path: directory)
            let specification = laboratory.specification("web") {
                $0.disks.append(Disk(name: "data", pool: pool, origin: .copy(image), size: nil))
            }
            let error = await laboratory.failure { () throws(DriverError) in
                try await laboratory.driver.create(specification)
            }
            let start = "disk data: the storage pool \"\(pool.name)\" is full; it has room for "
            #expect(error?.message.hasPrefix(start) == true, "\(String(describing: error))")
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == [])
            #expect(try files(laboratory) == [])
            try Shell.virsh("pool-destroy", pool.name)
        }
    }

    @Test("destroy takes away the volumes of a machine whose domain is gone, and no other's")
    func leftovers() async throws {
        try await Bench.qemu.run { laboratory in
            let other = laboratory.specification("other")
            let specification = laboratory.specification("web")
            try await laboratory.driver.create(other)
            let before = try files(laboratory)
            try await laboratory.driver.create(specification)
            try Shell.virsh("undefine", "\(specification.id)")
            #expect(try files(laboratory).count == before.count + 1)
            try await laboratory.driver.destroy(specification)
            #expect(try files(laboratory) == before)
            // A machine that nobody made here may have the disk by now.
            try await laboratory.driver.create(specification)
            let path = "/var/lib/libvirt/\(laboratory.tag)/\(specification.id)-root.qcow2"
            let text = try Shell.virsh("dumpxml", "\(specification.id)")
            try Shell.virsh("undefine", "\(specification.id)")
            let clone = EntryID.random()
            try laboratory.define(
                text.replacing("\(specification.id)</uuid>", with: "\(clone)</uuid>")
                    .replacing("<name>", with: "<name>\(laboratory.tag).clone-"))
            let error = await laboratory.failure { () throws(DriverError) in
                try await laboratory.driver.destroy(specification)
            }
            #expect(error?.kind == .conflict && FileManager.default.fileExists(atPath: path))
            #expect(
                error?.message
                    == "disk root: the VM \"\(laboratory.tag).clone-\(specification.name)\" uses it; destroy with "
                    + "--keep-disks takes the VM and leaves all its disks")
            #expect(try await laboratory.driver.destroy(specification, keepDisks: true) == [path])
        }
    }

    @Test("an image is what is there now, not what libvirt saw when it last looked at the pool")
    func stale() async throws {
        try await Bench.qemu.run { laboratory in
            try await laboratory.driver.create(laboratory.specification("pool"))
            let image = try laboratory.image()
            let imaging = try #require(laboratory.driver as? any Imaging)
            let file = try await imaging.find(image).path
            try FileManager.default.moveItem(atPath: file, toPath: file + ".away")
            let error = await laboratory.failure { () throws(DriverError) in _ = try await imaging.find(image) }
            #expect(error?.kind == .notFound)
            #expect(
                error?.message
                    == "image base: pool \"\(laboratory.tag)\" has no volume \"\(laboratory.tag)-base.qcow2\"")
            try FileManager.default.moveItem(atPath: file + ".away", toPath: file)
            #expect(try await imaging.find(image).path == file)
        }
    }

    private func files(_ laboratory: Laboratory) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: "/var/lib/libvirt/\(laboratory.tag)"))
    }
}
