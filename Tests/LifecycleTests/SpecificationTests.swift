import Lifecycle
import OrderedCollections
import Testing
import Tree

@Suite("Machines read from definitions")
struct SpecificationTests {
    private static let supply: Map = [
        "hypervisors": [
            "lab": ["driver": "libvirt", "uri": "qemu:///system", "concurrency": 8],
            "trial": ["driver": "memory", "latency": 0.25, "faults": 0.1],
        ],
        "images": [
            "debian12": ["pool": "default", "volume": "debian12.qcow2"],
            "ipxe": ["file": "/usr/lib/ipxe/ipxe.iso", "format": "iso"],
        ],
        "networks": ["default": ["network": "default"], "campus": ["bridge": "br0"], "plain": [:]],
        "pools": ["default": ["pool": "vms", "path": "/srv/vms"], "fast": [:]],
    ]

    private func read(_ definition: Map, macs: [String: MAC] = [:]) throws -> Specification {
        let path = try Path("/courses/so/alice/web")
        let whole = Self.supply.merging(definition) { _, new in new }
        return try Specification(id: .random(), path: path, definition: whole, macs: macs)
    }

    /// What is wrong with a definition, each as a text.
    private func problems(_ definition: Map) -> [String] {
        do {
            _ = try read(definition)
            return []
        } catch {
            return (error as? SpecificationError)?.problems.map(\.description) ?? []
        }
    }

    private static let image = Image(
        name: "debian12", source: .volume("debian12.qcow2", pool: Pool(name: "vms", path: "/srv/vms")))

    @Test("the least definition is a machine with the defaults")
    func defaults() throws {
        let specification = try read(["hypervisor": "lab", "image": "debian12"])
        #expect(specification.name == "courses.so.alice.web")
        #expect(
            specification.endpoint
                == Endpoint(name: "lab", driver: .libvirt, uri: "qemu:///system", concurrency: 8))
        #expect(specification.cpus == 1)
        #expect(specification.memory == Size(bytes: 1 << 30))
        #expect(specification.firmware == .bios)
        #expect(specification.machine == nil)
        #expect(specification.boot == [.disk, .cdrom, .network])
        #expect(specification.nics.isEmpty)
        #expect(
            specification.disks == [
                Disk(
                    name: "root", pool: Pool(name: "vms", path: "/srv/vms"), bus: .virtio, format: .qcow2,
                    origin: .overlay(Self.image), size: nil)
            ])
    }

    @Test("every key reaches the machine")
    func everything() throws {
        let mac = try #require(MAC("02:00:00:00:00:01"))
        let specification = try read(
            [
                "hypervisor": "trial", "machine": "pc", "firmware": "uefi",
                "hardware": ["cpus": 4, "memory": "2GiB"],
                "disks": [
                    "root": ["image": "debian12", "mode": "copy", "size": "20G", "format": "raw", "pool": "fast"],
                    "data": ["size": 1_000_000, "bus": "scsi"],
                ],
                "nics": [
                    "eth0": ["network": "campus", "model": "e1000", "mac": "52:54:00:00:00:01"], "eth1": [:],
                    "eth2": ["network": "plain"],
                ],
                "cdroms": ["cd": ["image": "ipxe"], "empty": [:]],
                "boot": ["network", "disk"], "limits": ["cpu_shares": 512],
            ], macs: ["eth0": mac, "eth1": mac, "eth2": mac])
        #expect(
            specification.endpoint
                == Endpoint(
                    name: "trial", driver: .memory, uri: "memory:///trial", latency: .milliseconds(250), faults: 0.1))
        #expect(specification.machine == "pc")
        #expect(specification.firmware == .uefi)
        #expect(specification.cpus == 4)
        #expect(specification.memory == Size(bytes: 2 << 30))
        #expect(
            specification.disks == [
                Disk(
                    name: "root", pool: Pool(name: "fast"), format: .raw, origin: .copy(Self.image),
                    size: Size(bytes: 20 << 30)),
                Disk(
                    name: "data", pool: Pool(name: "vms", path: "/srv/vms"), bus: .scsi, origin: .empty,
                    size: Size(bytes: 1_000_000)),
            ])
        #expect(
            specification.nics == [
                NIC(
                    name: "eth0", network: .bridge("br0"), model: .e1000, mac: try #require(MAC("52:54:00:00:00:01"))),
                NIC(name: "eth1", network: .network("default"), mac: mac),
                NIC(name: "eth2", network: .network("plain"), mac: mac),
            ])
        let cd = Image(name: "ipxe", source: .file("/usr/lib/ipxe/ipxe.iso"), format: .iso)
        #expect(
            specification.cdroms == [
                Specification.CDROM(name: "cd", image: cd), Specification.CDROM(name: "empty", image: nil),
            ])
        #expect(specification.boot == [.network, .disk])
        #expect(specification.cpuShares == 512)
    }

    @Test("null is as if the key were not there")
    func null() throws {
        let specification = try read([
            "hypervisor": "lab", "image": .null, "hardware": .null, "disks": ["root": .null, "data": ["size": "1G"]],
            "nics": ["eth0": .null], "boot": .null,
        ])
        #expect(specification.disks.map(\.name) == ["data"])
        #expect(specification.nics.isEmpty)
        #expect(specification.memory == Specification.memory)
    }

    private static let wrong: [(Map, [String])] = [
        ([:], ["hypervisor: expected the name of a hypervisor to make the machine on, found none"]),
        (["hypervisor": "labs"], ["hypervisor: no hypervisor is named \"labs\" here; there are lab, trial"]),
        (
            ["hypervisor": "lab", "disks": ["root": ["image": "debian13"]]],
            ["disks.root.image: no image is named \"debian13\" here; there are debian12, ipxe"]
        ),
        (
            ["hypervisor": "lab", "image": "debian13"],
            ["image: no image is named \"debian13\" here; there are debian12, ipxe"]
        ),
        (
            ["hypervisor": "lab", "images": [:], "image": "debian12"],
            ["image: no image is named \"debian12\" here; there are none"]
        ),
        (
            ["hypervisor": "lab", "images": ["a": ["file": "/a", "volume": "b"]], "image": "a"],
            ["images.a: expected either file, or volume with its pool"]
        ),
        (
            ["hypervisor": "lab", "disks": ["data": [:]]],
            ["disks.data.size: a disk without an image needs a size, such as 10GiB"]
        ),
        (
            ["hypervisor": "lab", "disks": ["data": ["size": "10GB", "bus": "usb"]]],
            [
                "disks.data.size: expected a size such as 10GiB, or a number of bytes, found the string \"10GB\"",
                "disks.data.bus: expected virtio, sata, scsi or ide, found the string \"usb\"",
                "disks.data.size: a disk without an image needs a size, such as 10GiB",
            ]
        ),
        (
            ["hypervisor": "lab", "disks": ["root": ["image": "debian12", "format": "raw"]]],
            ["disks.root.format: an overlay is always qcow2; expected qcow2, or mode copy"]
        ),
        (
            ["hypervisor": "lab", "pools": ["a": [:], "b": [:]], "disks": ["data": ["size": "1G"]]],
            ["disks.data.pool: expected the name of one of the pools; there are a, b"]
        ),
        (
            ["hypervisor": "lab", "nics": ["eth0": [:]]],
            ["nics.eth0.mac: no MAC address was allocated for this card"]
        ),
        (
            ["hypervisor": "lab", "nics": ["eth0": ["mac": "01:00:5e:00:00:01"]]],
            ["nics.eth0.mac: expected a unicast MAC address such as 52:54:00:12:34:56, found \"01:00:5e:00:00:01\""]
        ),
        (
            ["hypervisor": "lab", "hardware": ["cpus": 0, "memory": []], "boot": ["disk", "floppy"]],
            [
                "hardware.cpus: expected an integer from 1 to 1024, found the integer 0",
                "hardware.memory: expected a size such as 10GiB, or a number of bytes, found a list",
                "boot.1: expected disk, cdrom or network, found the string \"floppy\"",
            ]
        ),
        (
            ["hypervisor": "lab", "hardware": "big", "disks": ["data"]],
            [
                "hardware: expected a map, found the string \"big\"",
                "hardware: expected a map, found the string \"big\"",
                "disks: expected a map, found a list",
            ]
        ),
        (
            ["hypervisor": "lab", "hypervisors": ["lab": ["driver": "libvirt"]]],
            ["hypervisors.lab.uri: expected a libvirt connection URI such as qemu:///system, found none"]
        ),
        (
            ["hypervisor": "lab", "networks": ["n": ["network": "a", "bridge": "b"]], "nics": ["eth0": [:]]],
            [
                "networks.n: expected either network or bridge, found both",
                "nics.eth0.mac: no MAC address was allocated for this card",
            ]
        ),
    ]

    @Test("what is in the way is said with path, key, what was expected and what was found", arguments: wrong)
    func problems(definition: Map, expected: [String]) {
        #expect(problems(definition) == expected.map { "/courses/so/alice/web: \($0)" })
    }

    @Test("the hypervisor can be read without the rest")
    func endpoint() throws {
        let definition = Self.supply.merging(["hypervisor": "trial", "disks": "broken"]) { _, new in new }
        let endpoint = try Endpoint(path: try Path("/web"), definition: definition)
        #expect(endpoint.name == "trial")
    }

    @Test("a name too long for a file keeps its end, and stays apart from others")
    func longName() throws {
        let label = String(repeating: "a", count: 63)
        let names = try ["b", "c"].map { Specification.name(for: try Path("/\($0)/\(label)/\(label)/\(label)/web")) }
        #expect(names.allSatisfy { $0.utf8.count <= 180 && $0.hasSuffix("\(label).web") })
        #expect(names[0] != names[1])
    }
}
