import Foundation
import Hypervisor
import Lifecycle
import Testing
import Tree

@Suite("Machines of QEMU, as other programs see them", .serialized)
struct QEMUTests {
    @Test("virsh sees a machine defined, running, stopped and gone with its disk, and the host as it was before")
    func life() async throws {
        try await Bench.qemu.run { laboratory in
            let driver = laboratory.driver
            let first = laboratory.specification("first")
            try await driver.create(first)
            let before = try Host(laboratory)

            let specification = laboratory.specification("web")
            let id = specification.id.description
            try await driver.create(specification)
            #expect(try Shell.virsh("domstate", id).trimmed == "shut off")
            #expect(try Host(laboratory).volumes.contains("\(id)-root.qcow2"))
            try await driver.start(specification.id)
            #expect(try Shell.virsh("domstate", id).trimmed == "running")
            let type = try #require(try await driver.observe(specification.id)?.type)
            #expect(try Shell.virsh("dumpxml", id).contains("<domain type='\(type)'"))
            let nics = try Shell.virsh("domiflist", id)
            #expect(nics.contains(specification.nics[0].mac.description))
            #expect(nics.contains(laboratory.network))
            try await driver.stop(specification.id, grace: .milliseconds(300))
            #expect(try Shell.virsh("domstate", id).trimmed == "shut off")
            try await driver.start(specification.id)
            try await driver.destroy(specification)
            #expect(try Host(laboratory) == before)
            #expect(throws: Shell.Failure.self) { try Shell.virsh("domstate", id) }
        }
    }

    @Test("QEMU boots from an overlay, and destroying the machine leaves the image as it was")
    func overlay() async throws {
        try await Bench.qemu.run { laboratory in
            let driver = laboratory.driver
            try await driver.create(laboratory.specification("pool"))
            let image = try laboratory.image()
            let base = "/var/lib/libvirt/\(laboratory.tag)/\(laboratory.tag)-base.qcow2"
            let content = try Data(contentsOf: URL(filePath: base))
            let specification = laboratory.specification("web") {
                $0.disks[0].origin = .overlay(image)
                $0.boot = [.disk]
            }
            try await driver.create(specification)
            let path = try Shell.virsh("vol-path", "--pool", laboratory.pool.name, "\(specification.id)-root.qcow2")
            let info = try QEMUImage(path: path.trimmed)
            #expect(info.format == "qcow2")
            #expect(info.virtualSize == 16 << 20)
            #expect(info.backingFile == base)
            #expect(info.backingFormat == "qcow2")
            try await driver.start(specification.id)
            #expect(try await driver.observe(specification.id)?.power == .running)
            try await driver.destroy(specification)
            #expect(!FileManager.default.fileExists(atPath: path.trimmed))
            #expect(try Data(contentsOf: URL(filePath: base)) == content)
        }
    }

    @Test("a file outside of any pool is an image too, for an overlay and for a copy")
    func fileImage() async throws {
        try await Bench.qemu.run { laboratory in
            let directory = "/var/lib/libvirt/\(laboratory.tag)-images"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
            let file = "\(directory)/base.img"
            // A name that says raw and content that is not: the content counts.
            try Shell.run("qemu-img", "create", "-f", "qcow2", file, "8M")
            let image = Image(name: "base", source: .file(file))
            let specification = laboratory.specification("web") {
                $0.disks = [
                    Disk(name: "root", pool: laboratory.pool, origin: .overlay(image), size: nil),
                    Disk(
                        name: "data", pool: laboratory.pool, format: .raw, origin: .copy(image),
                        size: Size(bytes: 12 << 20)),
                ]
            }
            try await laboratory.driver.create(specification)
            let pool = "/var/lib/libvirt/\(laboratory.tag)"
            let overlay = try QEMUImage(path: "\(pool)/\(specification.id)-root.qcow2")
            #expect(overlay.backingFile == file)
            #expect(overlay.backingFormat == "qcow2")
            #expect(overlay.virtualSize == 8 << 20)
            let copy = try QEMUImage(path: "\(pool)/\(specification.id)-data.raw")
            #expect(copy.format == "raw")
            #expect(copy.backingFile == nil)
            #expect(copy.virtualSize == 12 << 20)
            try await laboratory.driver.start(specification.id)
            try await laboratory.driver.destroy(specification)
            #expect(FileManager.default.fileExists(atPath: file))
        }
    }

    @Test(
        "a machine with disks on every bus, every kind of card and a CD of a pool starts",
        arguments: ["q35", "pc", nil])
    func devices(machine: String?) async throws {
        try await Bench.qemu.run { laboratory in
            let pool = laboratory.pool
            try await laboratory.driver.create(laboratory.specification("pool"))
            let image = try laboratory.image()
            let specification = laboratory.specification("web") { specification in
                specification.machine = machine
                // The newer machine has no IDE.
                let buses = Disk.Bus.allCases.filter { $0 != .ide || machine == "pc" }
                specification.disks = buses.flatMap { bus in
                    [0, 1].map { index in
                        Disk(
                            name: "\(bus)\(index)", pool: pool, bus: bus, origin: .empty, size: Size(bytes: 1 << 20))
                    }
                }
                specification.nics = NIC.Model.allCases.map { model in
                    NIC(
                        name: "\(model)", network: .bridge(String(laboratory.network.prefix(12))), model: model,
                        mac: .allocate(for: specification.id, nic: "\(model)", attempt: 0))
                }
                specification.cdroms = [
                    Specification.CDROM(name: "cd", image: image), Specification.CDROM(name: "empty", image: nil),
                ]
                specification.boot = [.network, .cdrom, .disk]
                specification.cpuShares = 256
            }
            try await laboratory.driver.create(specification)
            try await laboratory.driver.start(specification.id)
            let found = try #require(try await laboratory.driver.observe(specification.id))
            #expect(found.power == .running)
            #expect(found.disks.map(\.name) == specification.disks.map(\.name))
            #expect(found.nics.map(\.name) == specification.nics.map(\.name))
            #expect(found.nics.map(\.network) == specification.nics.map(\.network))
        }
    }

    @Test("a volume of a disk's name that is there is never written over, and taken up when that is asked for")
    func existing() async throws {
        try await Bench.qemu.run { laboratory in
            let specification = laboratory.specification("web")
            let file = "/var/lib/libvirt/\(laboratory.tag)/\(specification.id)-root.qcow2"
            // Made by libvirt, removed from its list only, and laid there by hand: libvirt does not know of it yet.
            try await laboratory.driver.create(laboratory.specification("pool"))
            try Shell.run("qemu-img", "create", "-q", "-f", "qcow2", file, "1M")
            let content = try Data(contentsOf: URL(filePath: file))
            for _ in 0..<2 {
                let error = await laboratory.failure { () throws(DriverError) in
                    try await laboratory.driver.create(specification)
                }
                #expect(error?.kind == .conflict)
                #expect(
                    error?.message
                        == "disk root: the storage pool \"\(laboratory.tag)\" has the volume "
                        + "\"\(specification.id)-root.qcow2\" already, which is never written over; create with "
                        + "--keep-disks takes it up as it is")
                #expect(try Data(contentsOf: URL(filePath: file)) == content)
                try Shell.virsh("pool-refresh", laboratory.tag)
            }
            try await laboratory.driver.create(specification, keepDisks: true)
            #expect(try Data(contentsOf: URL(filePath: file)) == content)
            #expect(
                try await laboratory.driver.observe(specification.id)?.disks.map(\.capacity) == [Size(bytes: 1 << 20)])
        }
    }

    @Test("what a creation that was cut off has begun is no machine, is made anew by the next, and goes with destroy")
    func cutOff() async throws {
        try await Bench.qemu.run { laboratory in
            let specification = laboratory.specification("web")
            let file = "/var/lib/libvirt/\(laboratory.tag)/\(specification.id)-root.qcow2"
            func leaveHalf() throws {
                try laboratory.define(
                    """
                    <domain type='qemu'><name>\(specification.name)</name><uuid>\(specification.id)</uuid>
                    <metadata><headwater:machine xmlns:headwater='urn:x-headwater:machine:1' uuid='\(specification.id)'
                    making='yes'><headwater:disk name='root' target='' pool='\(laboratory.tag)'
                    volume='\(specification.id)-root.qcow2'/></headwater:machine></metadata>
                    <memory>65536</memory><os><type>hvm</type></os></domain>
                    """)
                try Data("half".utf8).write(to: URL(filePath: file))
            }
            try await laboratory.driver.create(laboratory.specification("pool"))
            try leaveHalf()
            let half = try await laboratory.driver.observe(specification.id)
            #expect(half == nil)
            #expect(try await laboratory.driver.list().contains { $0.id == specification.id } == false)
            try await laboratory.driver.create(specification)
            #expect(
                try await laboratory.driver.observe(specification.id)?.disks.map(\.capacity) == [Size(bytes: 16 << 20)])
            try await laboratory.driver.destroy(specification)
            try leaveHalf()
            try await laboratory.driver.destroy(specification)
            #expect(!FileManager.default.fileExists(atPath: file))
            #expect(throws: Shell.Failure.self) { try Shell.virsh("domstate", "\(specification.id)") }
        }
    }

    @Test("new disks are of the format that incremental backups need")
    func format() async throws {
        try await Bench.qemu.run { laboratory in
            try await laboratory.driver.create(laboratory.specification("pool"))
            let image = try laboratory.image()
            let specification = laboratory.specification("web") {
                $0.disks += [
                    Disk(name: "over", pool: laboratory.pool, origin: .overlay(image), size: nil),
                    Disk(name: "copy", pool: laboratory.pool, origin: .copy(image), size: nil),
                ]
            }
            try await laboratory.driver.create(specification)
            for name in ["root", "over", "copy"] {
                let file = "/var/lib/libvirt/\(laboratory.tag)/\(specification.id)-\(name).qcow2"
                #expect(try Shell.run("qemu-img", "info", file).contains("compat: 1.1"), "\(name)")
            }
            try await laboratory.driver.start(specification.id)
            try Shell.virsh("checkpoint-create-as", "\(specification.id)", "c1")
            try Shell.virsh("checkpoint-delete", "\(specification.id)", "c1")
        }
    }

    @Test("a machine with the firmware uefi is observed as such")
    func firmware() async throws {
        try await Bench.qemu.run { laboratory in
            let specification = laboratory.specification("web") { $0.firmware = .uefi }
            try await laboratory.driver.create(specification)
            #expect(try await laboratory.driver.observe(specification.id)?.firmware == .uefi)
            let other = laboratory.specification("other")
            try await laboratory.driver.create(other)
            #expect(try await laboratory.driver.observe(other.id)?.firmware == .bios)
        }
    }

    @Test("what was removed or stopped behind our back is seen")
    func behindOurBack() async throws {
        try await Bench.qemu.run { laboratory in
            let driver = laboratory.driver
            let specification = laboratory.specification("web")
            try await driver.create(specification)
            try await driver.start(specification.id)
            try Shell.virsh("suspend", "\(specification.id)")
            #expect(try await driver.observe(specification.id)?.power == .paused)
            try Shell.virsh("destroy", "\(specification.id)")
            #expect(try await driver.observe(specification.id)?.power == .off)
            try Shell.virsh("undefine", "\(specification.id)")
            let found = try await driver.observe(specification.id)
            #expect(found == nil)
        }
    }

    @Test("a QEMU that dies has crashed, and starts again")
    func crash() async throws {
        try await Bench.qemu.run { laboratory in
            let driver = laboratory.driver
            let specification = laboratory.specification("web")
            try await driver.create(specification)
            try await driver.start(specification.id)
            let file = "/var/run/libvirt/qemu/\(specification.name).pid"
            let process = try String(contentsOfFile: file, encoding: .utf8).trimmed
            try Shell.run("kill", "-KILL", process)
            for _ in 0..<100 where try await driver.observe(specification.id)?.power == .running {
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(try await driver.observe(specification.id)?.power == .crashed)
            try await driver.start(specification.id)
            #expect(try await driver.observe(specification.id)?.power == .running)
        }
    }

    /// What must be on the host after as before.
    private struct Host: Equatable {
        let machines: Set<Substring>
        let volumes: Set<Substring>
        let files: Set<String>

        init(_ laboratory: Laboratory) throws {
            let pool = laboratory.pool.name
            let names = try Shell.virsh("list", "--all", "--name").split(whereSeparator: \.isWhitespace)
            machines = Set(names.filter { $0.hasPrefix(laboratory.tag) })
            let listed = try Shell.virsh("vol-list", pool).split(separator: "\n")
            volumes = Set(listed.compactMap { $0.split(separator: " ").first })
            files = Set(try FileManager.default.contentsOfDirectory(atPath: "/var/lib/libvirt/\(pool)"))
        }
    }

    /// What qemu-img says of a file.
    private struct QEMUImage: Decodable {
        let format: String
        let virtualSize: Int
        let backingFile: String?
        let backingFormat: String?

        private enum CodingKeys: String, CodingKey {
            case format
            case virtualSize = "virtual-size"
            case backingFile = "backing-filename"
            case backingFormat = "backing-filename-format"
        }

        init(path: String) throws {
            self = try JSONDecoder()
                .decode(QEMUImage.self, from: Data(try Shell.run("qemu-img", "info", "--output=json", path).utf8))
        }
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
