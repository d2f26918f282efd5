import Lifecycle
import Tree
import XML

/// Reads how machines are.
struct Observer {
    let connection: ConnectionHandle

    /// The capacities of disks that were asked for together, by libvirt's names of the disks.
    var capacities: [EntryID: [String: Size]] = [:]

    /// Without addresses, which have to be asked for one by one.
    func roughly(_ domain: Domain) throws(LibvirtError) -> Observation? {
        let xml = try Element.parse(try domain.xml())
        let mark = Mark(domain: xml)
        guard var observation = try observation(of: domain, xml, mark) else { return nil }
        let known = capacities[observation.id] ?? [:]
        for (index, disk) in Self.disks(xml).enumerated() {
            guard let target = disk.first("target")?[attribute: "dev"] else { continue }
            if let capacity = known[target] {
                observation.disks[index].capacity = capacity
            } else if let ours = mark?.disks.first(where: { $0.target == target }) {
                look(at: ours, &observation.disks[index])
            }
        }
        return observation
    }

    func closely(_ domain: Domain) throws(LibvirtError) -> Observation? {
        let xml = try Element.parse(try domain.xml())
        let mark = Mark(domain: xml)
        guard var observation = try observation(of: domain, xml, mark) else { return nil }
        for (index, disk) in Self.disks(xml).enumerated() {
            guard let target = disk.first("target")?[attribute: "dev"] else { continue }
            if let ours = mark?.disks.first(where: { $0.target == target }) {
                look(at: ours, &observation.disks[index])
            } else {
                observation.disks[index].capacity = domain.capacity(ofDisk: target)
            }
        }
        guard observation.power == .running else { return observation }
        let addresses = domain.addresses()
        let live = try Element.parse(try domain.liveXML()).all("devices", "interface")
        for index in observation.nics.indices {
            guard let mac = observation.nics[index].mac else { continue }
            observation.nics[index].addresses = addresses[mac] ?? []
            let card = live.first { $0.first("mac")?[attribute: "address"].flatMap { MAC($0) } == mac }
            observation.nics[index].device = card?.first("target")?[attribute: "dev"]
        }
        return observation
    }

    /// How large the volume of a disk is, or whether it is certainly gone: a pool that is off, or that cannot be looked
    /// at, says nothing.
    private func look(at disk: Mark.Disk, _ seen: inout Observation.Disk) {
        guard let pool = try? connection.pool(named: disk.pool), (try? pool.isActive()) == true else { return }
        do throws(LibvirtError) {
            let volume = try pool.presentVolume(named: disk.volume)
            seen.isMissing = volume == nil
            seen.capacity = try volume?.capacity()
        } catch {
            return
        }
    }

    private func observation(of domain: Domain, _ xml: Element, _ mark: Mark?) throws(LibvirtError) -> Observation? {
        guard let id = domain.id else { return nil }
        let cards = xml.all("devices", "interface")
        let macs = cards.map { $0.first("mac")?[attribute: "address"].flatMap { MAC($0) } }
        let names = Self.names(of: macs, mark?.nics ?? [])
        return Observation(
            id: id, name: domain.name, isOurs: mark != nil, power: try domain.power(),
            type: xml[attribute: "type"], cpus: xml.first("vcpu").flatMap { Int($0.text) } ?? 1,
            memory: Self.memory(xml),
            disks: Self.disks(xml).map { disk in
                let target = disk.first("target")?[attribute: "dev"] ?? ""
                let ours = mark?.disks.first { $0.target == target }
                return Observation.Disk(
                    name: ours?.name ?? target, place: ours.map { "\($0.pool)/\($0.volume)" } ?? Self.place(disk),
                    capacity: nil)
            },
            nics: cards.indices.map { index in
                Observation.NIC(name: names[index], mac: macs[index], network: Self.network(cards[index]))
            })
    }

    /// What the cards of these addresses are called: as our mark says, by address, and by place where somebody has changed
    /// an address; others `eth0`, `eth1` …
    private static func names(of macs: [MAC?], _ known: [Mark.NIC]) -> [String] {
        var left = known
        var names: [String?] = macs.map { mac in
            left.firstIndex { $0.mac == mac }.map { left.remove(at: $0).name }
        }
        for index in names.indices where names[index] == nil && !left.isEmpty { names[index] = left.removeFirst().name }
        var number = 0
        return names.map { name in
            if let name { return name }
            while names.contains("eth\(number)") { number += 1 }
            number += 1
            return "eth\(number - 1)"
        }
    }

    /// The disks, without CDs and floppies.
    private static func disks(_ xml: Element) -> [Element] {
        xml.all("devices", "disk").filter { ($0[attribute: "device"] ?? "disk") == "disk" }
    }

    private static func place(_ disk: Element) -> String {
        guard let source = disk.first("source") else { return "" }
        if let volume = source[attribute: "volume"] { return "\(source[attribute: "pool"] ?? "")/\(volume)" }
        return source[attribute: "file"] ?? source[attribute: "dev"] ?? source[attribute: "name"] ?? ""
    }

    private static func network(_ nic: Element) -> NIC.Network? {
        guard let source = nic.first("source") else { return nil }
        return source[attribute: "network"].map { .network($0) } ?? source[attribute: "bridge"].map { .bridge($0) }
    }

    /// libvirt writes memory in KiB unless it says otherwise.
    private static func memory(_ xml: Element) -> Size {
        let element = xml.first("memory")
        let unit = element?[attribute: "unit"] ?? "KiB"
        return Size("\(element?.text ?? "")\(unit == "bytes" ? "B" : unit)") ?? Size(bytes: 0)
    }
}
