import Foundation
import Hypervisor
import Lifecycle
import Testing
import Tree

@Suite("A check on QEMU, before a machine is made anew", .serialized)
struct ReplacementTests {
    @Test("promises the room of a pool to one machine, until that is made or its end failed")
    func room() async throws {
        try await Bench.qemu.run { laboratory in
            let driver = laboratory.driver
            try await driver.create(laboratory.specification("pool"))
            let (directory, images) = (
                "/var/lib/libvirt/\(laboratory.tag)-small", "/var/lib/libvirt/\(laboratory.tag)-im"
            )
            for path in [directory, images] {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            }
            try Shell.run("mount", "-t", "tmpfs", "-o", "size=5m", "tmpfs", directory)
            defer { _ = try? Shell.run("umount", directory) }
            let content = (0..<3 << 20).map { _ in UInt8.random(in: 1 ... .max) }
            try Data(content).write(to: URL(filePath: "\(images)/base.img"))
            let pool = Pool(name: "\(laboratory.tag)-small", path: directory)
            let machines = ["a", "b"].map { name in
                laboratory.specification(name) {
                    $0.disks = [Disk(name: "root", pool: pool, origin: .empty, size: Size(bytes: 4 << 20))]
                }
            }
            let anew = machines.map { machine in
                var machine = machine
                machine.disks[0].origin = .copy(Image(name: "base", source: .file("\(images)/base.img")))
                return machine
            }
            for machine in machines { try await driver.create(machine) }
            func refusal() async -> String? {
                await laboratory.failure { () throws(DriverError) in try await driver.check(anew[1]) }?.message
            }
            // What somebody else puts there counts, too.
            try Shell.run("fallocate", "-l", "3M", "\(directory)/other")
            let foreign = await refusal()
            #expect(foreign?.hasPrefix("the storage pool \"\(pool.name)\" is full; it has room for ") == true)
            #expect(foreign?.contains("beside") == false)
            try Shell.run("rm", "\(directory)/other")
            for _ in 0..<2 { try await driver.check(anew[0]) }
            let beside = await refusal()
            #expect(beside?.contains(" beside what other VMs are about to take, and ") == true, "\(beside ?? "")")
            try await driver.destroy(machines[0])
            #expect(await refusal()?.contains(" beside what other VMs are about to take, and ") == true)
            try await driver.create(anew[0])
            let full = await refusal()
            #expect(full?.hasPrefix("the storage pool \"\(pool.name)\" is full; it has room for ") == true)
            #expect(full?.contains("beside") == false)
            try await driver.destroy(anew[0])
            try await driver.check(anew[1])
            // What cannot be destroyed is not made anew.
            try await driver.create(machines[0])
            #expect(
                await laboratory.failure { () throws(DriverError) in try await driver.check(anew[0]) }?
                    .message.contains("beside") == true)
            try Shell.virsh("detach-disk", "\(machines[1].id)", "vda", "--config")
            _ = await laboratory.failure { () throws(DriverError) in _ = try await driver.destroy(machines[1]) }
            try await driver.check(anew[0])
            for machine in machines { try await driver.destroy(machine, keepDisks: true) }
            try Shell.virsh("pool-destroy", pool.name)
        }
    }

    @Test("refuses an image that is the machine's own disk, or leans on it", arguments: [false, true])
    func ownImage(isBelow: Bool) async throws {
        try await Bench.qemu.run { laboratory in
            let specification = laboratory.specification("web")
            try await laboratory.driver.create(specification)
            let own = "/var/lib/libvirt/\(laboratory.tag)/\(specification.id)-root.qcow2"
            let over = "/var/lib/libvirt/\(laboratory.tag)/gold.qcow2"
            try Shell.run("qemu-img", "create", "-q", "-f", "qcow2", "-b", own, "-F", "qcow2", over)
            var anew = specification
            anew.disks[0].origin = .copy(Image(name: "gold", source: .file(isBelow ? over : own)))
            let error = await laboratory.failure { () throws(DriverError) in
                try await laboratory.driver.check(anew)
            }
            #expect(error?.kind == .conflict)
            #expect(
                error?.message == "disk root: image gold: it needs \(own), a disk that goes with the VM as it is")
        }
    }

    @Test("refuses a pool that has a volume of the disk's name, which is not the machine's disk as it is")
    func kept() async throws {
        try await Bench.qemu.run { laboratory in
            let specification = laboratory.specification("web")
            try await laboratory.driver.create(specification)
            try await laboratory.driver.destroy(specification, keepDisks: true)
            var elsewhere = specification
            let pool = Pool(name: "\(laboratory.tag)-n", path: "/var/lib/libvirt/\(laboratory.tag)-n")
            elsewhere.disks[0].pool = pool
            try await laboratory.driver.create(elsewhere)
            let error = await laboratory.failure { () throws(DriverError) in
                try await laboratory.driver.check(specification, replacing: elsewhere.disks)
            }
            #expect(error?.kind == .conflict)
            #expect(
                error?.message
                    == "disk root: the storage pool \"\(laboratory.tag)\" has the volume "
                    + "\"\(specification.id)-root.qcow2\" already, which is not the VM's disk as it is and is never written "
                    + "over; move it away")
            try await laboratory.driver.check(elsewhere, replacing: elsewhere.disks)
        }
    }

    @Test("refuses a CD whose file is not there; so do a creation and a change")
    func disc() async throws {
        try await Bench.qemu.run { laboratory in
            let specification = laboratory.specification("web")
            try await laboratory.driver.create(specification)
            for directory in [laboratory.tag, "\(laboratory.tag)-none"] {
                let file = "/var/lib/libvirt/\(directory)/lost.iso"
                var changed = specification
                changed.cdroms[0].image = Image(name: "lost", source: .file(file))
                let other = laboratory.specification("other") { $0.cdroms = changed.cdroms }
                let driver = laboratory.driver
                let errors = [
                    await laboratory.failure { () throws(DriverError) in try await driver.check(changed) },
                    await laboratory.failure { () throws(DriverError) in try await driver.create(other) },
                    await laboratory.failure { () throws(DriverError) in
                        try await driver.update(specification, to: changed)
                    },
                ]
                for error in errors {
                    #expect(
                        error?.message.hasPrefix("cdrom boot: image lost: ") == true
                            && error?.message.contains(file) == true, "\(error?.message ?? "")")
                }
            }
        }
    }
}
