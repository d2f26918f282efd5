import Lifecycle
import XML

/// What `define` writes beside a domain: that it is ours, what the definition calls its parts, and which volumes are
/// its own.
struct Mark {
    var disks: [Disk] = []
    var nics: [NIC] = []

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

    static let prefix = "headwater"
    static let namespace = "urn:x-headwater:machine:1"

    private static func name(_ local: String) -> String { "\(prefix):\(local)" }

    /// The mark as an element of a domain's metadata.
    var element: Element {
        let children =
            disks.map {
                XML.element(
                    Self.name("disk"),
                    ["name": $0.name, "target": $0.target, "pool": $0.pool, "volume": $0.volume])
            } + nics.map { XML.element(Self.name("nic"), ["name": $0.name, "mac": "\($0.mac)"]) }
        return XML.element(Self.name("machine"), ["xmlns:\(Self.prefix)": Self.namespace], children)
    }

    init(disks: [Disk], nics: [NIC]) {
        self.disks = disks
        self.nics = nics
    }

    /// Reads a domain's mark; nil: it has none.
    init?(domain: Element) {
        guard let machine = domain.first("metadata", Self.name("machine")) else { return nil }
        for disk in machine.all(Self.name("disk")) {
            guard let name = disk[attribute: "name"], let target = disk[attribute: "target"],
                let pool = disk[attribute: "pool"], let volume = disk[attribute: "volume"]
            else { continue }
            disks.append(Disk(name: name, target: target, pool: pool, volume: volume))
        }
        for nic in machine.all(Self.name("nic")) {
            guard let name = nic[attribute: "name"], let mac = nic[attribute: "mac"].flatMap({ MAC($0) }) else {
                continue
            }
            nics.append(NIC(name: name, mac: mac))
        }
    }
}
