import FoundationXML
import Lifecycle
import Tree

/// Reads how machines are.
struct Observer {
    let connection: ConnectionHandle

    /// Without capacities of disks and addresses, which have to be asked for one by one.
    func roughly(_ domain: Domain) throws(LibvirtError) -> Observation? {
        let xml = try XMLElement.parse(try domain.xml())
        return try observation(of: domain, xml, Mark(domain: xml))
    }

    func closely(_ domain: Domain) throws(LibvirtError) -> Observation? {
        let xml = try XMLElement.parse(try domain.xml())
        let mark = Mark(domain: xml)
        guard var observation = try observation(of: domain, xml, mark) else { return nil }
        for (index, disk) in Self.disks(xml).enumerated() {
            guard let target = disk.first("target")?[attribute: "dev"] else { continue }
            guard let ours = mark?.disks.first(where: { $0.target == target }) else {
                observation.disks[index].capacity = domain.capacity(ofDisk: target)
                continue
            }
            let capacity = try connection.pool(named: ours.pool)?.volume(named: ours.volume)?.capacity()
            observation.disks[index].capacity = capacity
            observation.disks[index].isMissing = capacity == nil
        }
        if observation.power == .running {
            let addresses = domain.addresses()
            for index in observation.nics.indices {
                observation.nics[index].addresses = observation.nics[index].mac.flatMap { addresses[$0] } ?? []
            }
        }
        return observation
    }

    private func observation(of domain: Domain, _ xml: XMLElement, _ mark: Mark?) throws(LibvirtError) -> Observation? {
        guard let id = domain.id else { return nil }
        return Observation(
            id: id, name: domain.name, isOurs: mark != nil, power: try domain.power(),
            cpus: xml.first("vcpu")?.stringValue.flatMap { Int($0) } ?? 1, memory: Self.memory(xml),
            disks: Self.disks(xml).map { disk in
                let target = disk.first("target")?[attribute: "dev"] ?? ""
                let ours = mark?.disks.first { $0.target == target }
                return Observation.Disk(
                    name: ours?.name ?? target, place: ours.map { "\($0.pool)/\($0.volume)" } ?? Self.place(disk),
                    capacity: nil)
            },
            nics: xml.all("devices", "interface").map { nic in
                let mac = nic.first("mac")?[attribute: "address"].flatMap { MAC($0) }
                let ours = mark?.nics.first { $0.mac == mac }
                let name = ours?.name ?? nic.first("target")?[attribute: "dev"] ?? mac?.description ?? ""
                return Observation.NIC(name: name, mac: mac, network: Self.network(nic))
            })
    }

    /// The disks, without CDs and floppies.
    private static func disks(_ xml: XMLElement) -> [XMLElement] {
        xml.all("devices", "disk").filter { ($0[attribute: "device"] ?? "disk") == "disk" }
    }

    private static func place(_ disk: XMLElement) -> String {
        guard let source = disk.first("source") else { return "" }
        if let volume = source[attribute: "volume"] { return "\(source[attribute: "pool"] ?? "")/\(volume)" }
        return source[attribute: "file"] ?? source[attribute: "dev"] ?? source[attribute: "name"] ?? ""
    }

    private static func network(_ nic: XMLElement) -> NIC.Network? {
        guard let source = nic.first("source") else { return nil }
        return source[attribute: "network"].map { .network($0) } ?? source[attribute: "bridge"].map { .bridge($0) }
    }

    /// libvirt writes memory in KiB unless it says otherwise.
    private static func memory(_ xml: XMLElement) -> Size {
        let element = xml.first("memory")
        let unit = element?[attribute: "unit"] ?? "KiB"
        return Size("\(element?.stringValue ?? "")\(unit == "bytes" ? "B" : unit)") ?? Size(bytes: 0)
    }
}
