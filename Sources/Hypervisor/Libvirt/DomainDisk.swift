import XML

/// A disk as a domain's description has it.
struct DomainDisk {
    /// libvirt's name of it, such as vda.
    let target: String
    /// A file, a device, or pool and volume; empty: none that has a name.
    let place: String
    /// The places that it is an overlay of, the nearest first, where libvirt says: while the VM runs.
    let backing: [String]

    init(_ disk: Element) {
        backing = Array(sequence(first: disk) { $0["backingStore"] }.dropFirst()).compactMap { level in
            level["source"].map(Self.place).flatMap { $0.isEmpty ? nil : $0 }
        }
        target = disk["target"]?[attribute: "dev"] ?? ""
        guard let source = disk["source"] else {
            place = ""
            return
        }
        place = Self.place(source)
    }

    private static func place(_ source: Element) -> String {
        if let volume = source[attribute: "volume"] { return "\(source[attribute: "pool"] ?? "")/\(volume)" }
        return source[attribute: "file"] ?? source[attribute: "dev"] ?? source[attribute: "name"] ?? ""
    }

    /// Whether it is the volume of that name, as far as can be told without asking for its pool.
    func isVolume(named name: String) -> Bool {
        place.split(separator: "/").last.map(String.init) == name
    }

    /// The disks of a domain, without CDs and floppies.
    static func elements(of domain: Element) -> [Element] {
        domain.all("devices", "disk").filter { ($0[attribute: "device"] ?? "disk") == "disk" }
    }

    static func all(of domain: Element) -> [DomainDisk] { elements(of: domain).map(DomainDisk.init) }
}
