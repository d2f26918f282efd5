import Lifecycle
import Tree
import XML

/// What `create` writes beside a domain: that it is ours, and what the definition calls its parts.
///
/// A mark is of the machine whose UUID it has. A clone is another machine, which nobody made here, although its mark was
/// copied with all else.
struct Mark {
    let machine: EntryID
    /// Whether the domain is not complete: its disks are being made. What is there of these is nothing yet.
    var isMaking = false
    /// Which VM of its descriptor it is (`Specification.build`); nil: an earlier version made it.
    var build: Int?
    var disks: [Disk] = []
    var nics: [NIC] = []
    var cdroms: [CDROM] = []

    struct Disk {
        var name: String
        /// libvirt's name of the disk, such as vda.
        var target: String
        var pool: String
        var volume: String
    }

    struct NIC {
        var name: String
        var mac: MAC
    }

    struct CDROM {
        var name: String
        /// libvirt's name of the drive, such as sda.
        var target: String
    }

    static let prefix = "headwater"
    static let namespace = "urn:x-headwater:machine:1"

    private static func name(_ local: String) -> String { "\(prefix):\(local)" }

    init(machine: EntryID, disks: [Disk], nics: [NIC], cdroms: [CDROM]) {
        self.machine = machine
        self.disks = disks
        self.nics = nics
        self.cdroms = cdroms
    }

    /// Reads a domain's mark; nil: it has none of its own.
    init?(domain: Element) {
        guard let mark = domain.first("metadata", Self.name("machine")),
            let id = domain["uuid"].flatMap({ EntryID($0.text) })
        else { return nil }
        machine = id
        isMaking = mark[attribute: "making"] == "yes"
        build = mark[attribute: "build"].flatMap { Int($0) }
        for disk in mark.all(Self.name("disk")) {
            guard let name = disk[attribute: "name"], let target = disk[attribute: "target"],
                let pool = disk[attribute: "pool"], let volume = disk[attribute: "volume"]
            else { continue }
            disks.append(Disk(name: name, target: target, pool: pool, volume: volume))
        }
        for nic in mark.all(Self.name("nic")) {
            guard let name = nic[attribute: "name"], let mac = nic[attribute: "mac"].flatMap({ MAC($0) }) else {
                continue
            }
            nics.append(NIC(name: name, mac: mac))
        }
        for cdrom in mark.all(Self.name("cdrom")) {
            guard let name = cdrom[attribute: "name"], let target = cdrom[attribute: "target"] else { continue }
            cdroms.append(CDROM(name: name, target: target))
        }
        if let owner = mark[attribute: "uuid"] {
            guard EntryID(owner) == id else { return nil }
        } else {
            // Marks of earlier versions name their machine by its volumes only.
            guard disks.allSatisfy({ $0.volume.hasPrefix("\(id)-") }) else { return nil }
        }
    }

    /// The mark as an element of a domain's metadata.
    var element: Element {
        XML.element(
            Self.name("machine"),
            [
                "xmlns:\(Self.prefix)": Self.namespace, "uuid": "\(machine)", "build": build.map(String.init),
                "making": isMaking ? "yes" : nil,
            ],
            disks.map {
                XML.element(
                    Self.name("disk"),
                    ["name": $0.name, "target": $0.target, "pool": $0.pool, "volume": $0.volume])
            } + nics.map(Self.element) + cdroms.map(Self.element))
    }

    private static func element(_ nic: NIC) -> Element {
        XML.element(name("nic"), ["name": nic.name, "mac": "\(nic.mac)"])
    }

    private static func element(_ cdrom: CDROM) -> Element {
        XML.element(name("cdrom"), ["name": cdrom.name, "target": cdrom.target])
    }

    /// Writes which VM of its descriptor a domain is into its mark, and leaves the rest of it.
    static func write(build: Int, to domain: inout Element) {
        domain["metadata"]?.change(Self.name("machine")) { $0[attribute: "build"] = "\(build)" }
    }

    /// Writes the cards and the CD drives that this mark has into the mark of a domain, and leaves the rest of it.
    func write(to domain: inout Element) {
        domain["metadata"]?.change(Self.name("machine")) { mark in
            mark.content.removeAll { node in
                node.element.map { [Self.name("nic"), Self.name("cdrom")].contains($0.name) } ?? false
            }
            mark.content += (nics.map(Self.element) + cdroms.map(Self.element)).map(Element.Node.element)
        }
    }
}
