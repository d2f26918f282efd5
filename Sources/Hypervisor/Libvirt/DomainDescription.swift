import Lifecycle
import Tree
import XML

/// A domain as libvirt is told of it (libvirt.org/formatdomain.html).
struct DomainDescription {
    let specification: Specification
    let host: Host
    /// What it is called there.
    var name: String
    /// The places of the disks, in the order of the specification, with pool and volume for the mark.
    var disks: [(place: Place, pool: String, volume: String)]
    /// The places of the CDs, in the order of the specification; nil: the drive is empty.
    var cds: [Place?]
    /// The disks that are yet to be made, of a domain that is written before these are there.
    var making: [Mark.Disk]?

    var element: Element {
        XML.element(
            "domain", ["type": host.type],
            [
                XML.element("name", text: name),
                XML.element("uuid", text: "\(specification.id)"),
                XML.element("metadata", [:], [mark.element]),
                XML.element("memory", ["unit": "bytes"], text: "\(specification.memory.bytes)"),
                XML.element("vcpu", text: "\(specification.cpus)"),
                specification.cpuShares.map {
                    XML.element("cputune", [:], [XML.element("shares", text: "\($0)")])
                },
                system,
                // Without ACPI a guest does not hear that it is to shut down.
                host.isPC
                    ? XML.element("features", [:], [XML.element("acpi"), XML.element("apic")])
                    : nil,
                // All that the host can do, be it in hardware or in software: libvirt's own default lacks what today's
                // systems ask for.
                host.isQEMU ? XML.element("cpu", ["mode": "maximum"]) : nil,
                XML.element("clock", ["offset": "utc"]),
                XML.element("devices", [:], devices),
            ])
    }

    /// The machine to emulate: the specification's, or the newest kind of PC where there is one.
    private var machine: String? {
        specification.machine ?? (host.machines.contains("q35") ? "q35" : nil)
    }

    private var system: Element {
        XML.element(
            "os", ["firmware": specification.firmware == .uefi ? "efi" : nil],
            [XML.element("type", ["arch": host.architecture, "machine": machine], text: "hvm")]
                + Self.boot(specification.boot))
    }

    /// What is tried in turn at power-on.
    static func boot(_ devices: [Specification.Boot]) -> [Element] {
        devices.map { device in
            let name =
                switch device {
                case .disk: "hd"
                case .cdrom: "cdrom"
                case .network: "network"
                }
            return XML.element("boot", ["dev": name])
        }
    }

    private var devices: [Element] {
        var devices = diskElements + cdElements + specification.nics.map(Self.card)
        guard host.isQEMU else { return devices }
        if specification.disks.contains(where: { $0.bus == .scsi }) || cdBus == .scsi {
            devices.append(XML.element("controller", ["type": "scsi", "model": "virtio-scsi"]))
        }
        return devices + [
            XML.element("serial", ["type": "pty"]),
            XML.element("console", ["type": "pty"]),
            // The guest's agent, where one runs, tells addresses and shuts down in order.
            XML.element(
                "channel", ["type": "unix"],
                [XML.element("target", ["type": "virtio", "name": "org.qemu.guest_agent.0"])]),
            // A port that libvirt chooses, for the host's own people: what is on a screen is not for the network.
            XML.element(
                "graphics", ["type": "vnc", "autoport": "yes"],
                [XML.element("listen", ["type": "address", "address": "127.0.0.1"])]),
        ]
    }

    private var diskElements: [Element] {
        zip(zip(specification.disks, disks), targets).map { disk, target in
            let (disk, (place, _, _)) = disk
            return XML.element(
                "disk", ["type": place.type, "device": "disk"],
                [
                    Self.driver(place, format: disk.format.rawValue, host), place.element,
                    XML.element("target", ["dev": target, "bus": disk.bus.rawValue]),
                ])
        }
    }

    private var cdElements: [Element] {
        zip(cds, targets.dropFirst(disks.count)).map { place, target in
            Self.drive(place, target: target, bus: cdBus, host)
        }
    }

    /// A CD drive with a CD or without.
    static func drive(_ place: Place?, target: String, bus: Disk.Bus, _ host: Host) -> Element {
        XML.element(
            "disk", ["type": place?.type ?? "file", "device": "cdrom"],
            [
                place.flatMap { driver($0, format: "raw", host) }, place?.element,
                XML.element("target", ["dev": target, "bus": bus.rawValue]), XML.element("readonly"),
            ])
    }

    /// QEMU is told the format of a file, never left to guess: a guest could write the header of another one.
    private static func driver(_ place: Place, format: String, _ host: Host) -> Element? {
        guard host.isQEMU else { return nil }
        let isFile = if case .file = place { true } else { false }
        return XML.element("driver", ["name": "qemu", "type": isFile ? format : "raw"])
    }

    static func card(_ nic: NIC) -> Element {
        let source =
            switch nic.network {
            case .network(let name): XML.element("source", ["network": name])
            case .bridge(let name): XML.element("source", ["bridge": name])
            }
        let type = if case .bridge = nic.network { "bridge" } else { "network" }
        return XML.element(
            "interface", ["type": type],
            [
                XML.element("mac", ["address": "\(nic.mac)"]), source,
                XML.element("model", ["type": nic.model.rawValue]),
            ])
    }

    private var cdBus: Disk.Bus { Self.cdBus(machine, host) }

    /// The bus of CD drives on a kind of machine.
    static func cdBus(_ machine: String?, _ host: Host) -> Disk.Bus {
        guard host.isPC else { return .scsi }
        return machine?.contains("q35") == true ? .sata : .ide
    }

    /// libvirt's names of the disks and then of the CD drives: vda, vdb … on virtio, hda … on ide, sda … elsewhere.
    var targets: [String] {
        var used: Set<String> = []
        return (specification.disks.map(\.bus) + specification.cdroms.map { _ in cdBus }).map { bus in
            let target = Self.target(on: bus, beside: used)
            used.insert(target)
            return target
        }
    }

    /// libvirt's name of another disk on a bus.
    static func target(on bus: Disk.Bus, beside used: Set<String>) -> String {
        let prefix =
            switch bus {
            case .virtio: "vd"
            case .ide: "hd"
            case .sata, .scsi: "sd"
            }
        var index = 0
        while used.contains(prefix + letters(index)) { index += 1 }
        return prefix + letters(index)
    }

    /// a, b … z, aa, ab …
    private static func letters(_ index: Int) -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz")
        let last = String(alphabet[index % alphabet.count])
        return index < alphabet.count ? last : letters(index / alphabet.count - 1) + last
    }

    private var mark: Mark {
        var mark = Mark(
            machine: specification.id,
            disks: making
                ?? zip(zip(specification.disks, disks), targets).map { disk, target in
                    Mark.Disk(name: disk.0.name, target: target, pool: disk.1.pool, volume: disk.1.volume)
                },
            nics: specification.nics.map { Mark.NIC(name: $0.name, mac: $0.mac) },
            cdroms: zip(specification.cdroms, targets.dropFirst(specification.disks.count))
                .map { Mark.CDROM(name: $0.name, target: $1) })
        mark.isMaking = making != nil
        mark.build = specification.build > 0 ? specification.build : nil
        return mark
    }
}
