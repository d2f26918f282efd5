import Foundation
import Hypervisor
import Lifecycle
import Testing
import Tree

/// A hypervisor that the same tests run on.
enum Bench: String, CaseIterable, CustomTestStringConvertible {
    case memory
    case test
    case qemu

    var testDescription: String {
        switch self {
        case .memory: "memory"
        case .test: "libvirt test:///default"
        case .qemu: "libvirt qemu:///system"
        }
    }

    /// What the hypervisor keeps; memory takes any name of a pool, a network or an image for one that is there.
    static let withStorage = [Bench.test, .qemu]

    /// Gives a hypervisor to a test, and takes all away again that the test made there.
    func run(_ body: (Laboratory) async throws -> Void) async throws {
        let laboratory = try Laboratory(bench: self)
        do {
            try await body(laboratory)
        } catch {
            try await laboratory.close()
            throw error
        }
        try await laboratory.close()
    }
}

/// A hypervisor with a place for disks and a network of the test's own.
struct Laboratory {
    let bench: Bench
    let endpoint: Endpoint
    let driver: any Driver
    let connections = Laboratory.connections
    /// Sets what one test makes on a shared hypervisor apart from all else there.
    let tag = "hw\(UInt32.random(in: 0 ... .max))"
    let pool: Pool
    let network: String

    /// Shared as in a daemon: what one test makes them learn of a host, the others know.
    private static let connections = Connections()

    init(bench: Bench) throws {
        self.bench = bench
        switch bench {
        case .memory:
            endpoint = Endpoint(name: "lab", driver: .memory, uri: "memory:///\(tag)")
            pool = Pool(name: "default")
            network = "default"
        case .test:
            endpoint = Endpoint(name: "lab", driver: .libvirt, uri: "test:///default")
            pool = Pool(name: "default-pool")
            network = "default"
        case .qemu:
            try Libvirtd.start()
            endpoint = Endpoint(name: "lab", driver: .libvirt, uri: "qemu:///system")
            // QEMU runs as a user that may not look into everybody's directories, but into libvirt's.
            pool = Pool(name: tag, path: "/var/lib/libvirt/\(tag)")
            network = tag
            let description = FileManager.default.temporaryDirectory.appending(path: "\(tag).xml")
            // Without addresses it needs neither dnsmasq nor a firewall.
            try Data("<network><name>\(tag)</name><bridge name='\(tag.prefix(12))'/></network>".utf8)
                .write(to: description)
            defer { try? FileManager.default.removeItem(at: description) }
            try Shell.virsh("net-create", description.path())
        }
        driver = connections.driver(for: endpoint)
    }

    /// A small machine with a disk, a card, and on real hardware a CD to boot from.
    func specification(_ name: String, _ change: (inout Specification) -> Void = { _ in }) -> Specification {
        let id = EntryID.random()
        var specification = Specification(
            id: id, name: "\(tag).\(name)", endpoint: endpoint, cpus: 2, memory: Size(bytes: 64 << 20),
            disks: [Disk(name: "root", pool: pool, origin: .empty, size: Size(bytes: 16 << 20))],
            nics: [
                NIC(name: "eth0", network: .network(network), mac: .allocate(for: id, nic: "eth0", attempt: 0))
            ],
            boot: [.cdrom, .disk])
        if bench == .qemu {
            let image = Image(name: "ipxe", source: .file("/usr/lib/ipxe/ipxe.iso"))
            specification.cdroms = [Specification.CDROM(name: "boot", image: image)]
        }
        change(&specification)
        return specification
    }

    /// Writes a domain by hand.
    func define(_ description: String) throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(tag)-domain.xml")
        try Data(description.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        try Shell.virsh("define", file.path())
    }

    /// An image of 8 MiB in the laboratory's pool.
    func image() throws -> Image {
        let name = "\(tag)-base.qcow2"
        let image = Image(name: "base", source: .volume(name, pool: pool), size: Size(bytes: 8 << 20))
        if bench == .qemu { try Shell.virsh("vol-create-as", pool.name, name, "8M", "--format", "qcow2") }
        return image
    }

    /// What `body` throws; records an issue if it throws nothing.
    func failure(_ body: () async throws(DriverError) -> Void) async -> DriverError? {
        do {
            try await body()
            Issue.record("it should have failed")
            return nil
        } catch {
            return error
        }
    }

    fileprivate func close() async throws {
        for machine in try await driver.list() where machine.name.hasPrefix(tag) {
            try await driver.destroy(machine.id)
        }
        guard bench == .qemu else { return }
        let firmware = "/var/lib/libvirt/qemu/nvram"
        for file in (try? FileManager.default.contentsOfDirectory(atPath: firmware)) ?? [] where file.contains(tag) {
            try FileManager.default.removeItem(atPath: "\(firmware)/\(file)")
        }
        try Shell.virsh("net-destroy", network)
        for name in try Shell.virsh("pool-list", "--all", "--name").split(whereSeparator: \.isWhitespace)
        where name.contains(tag) {
            _ = try? Shell.virsh("pool-destroy", String(name))
            _ = try? Shell.virsh("pool-undefine", String(name))
        }
        for directory in try FileManager.default.contentsOfDirectory(atPath: "/var/lib/libvirt")
        where directory.contains(tag) {
            try FileManager.default.removeItem(atPath: "/var/lib/libvirt/\(directory)")
        }
    }
}
