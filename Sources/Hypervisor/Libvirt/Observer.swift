import Lifecycle
import Tree
import XML

/// Reads how machines are.
struct Observer {
    let connection: ConnectionHandle

    /// The capacities of disks that were asked for together, by libvirt's names of the disks.
    var capacities: [EntryID: [String: Size]] = [:]

    /// Where the volumes of the pools are that are on and have a directory, by the names of the pools.
    private let directories: [String: String]

    init(connection: ConnectionHandle, capacities: [EntryID: [String: Size]] = [:]) {
        self.connection = connection
        self.capacities = capacities
        // What cannot be known of them does not make a disk another one.
        directories = (try? connection.poolDirectories()) ?? [:]
    }

    /// The volume that a disk of the domain is, if it is one of those that were made for it.
    private func volume(of disk: DomainDisk, in mark: Mark?) -> Mark.Disk? {
        guard let own = mark?.disks.first(where: { $0.target == disk.target }), disk.isVolume(named: own.volume),
            !disk.place.hasPrefix("/") || disk.place == "\(directories[own.pool] ?? "")/\(own.volume)"
                || directories[own.pool] == nil
        else { return nil }
        return own
    }

    /// Without addresses, which have to be asked for one by one; nil: it is being made, and is no machine yet.
    func roughly(_ domain: Domain) throws(LibvirtError) -> Observation? {
        let xml = try Element.parse(try domain.xml())
        let mark = Mark(domain: xml)
        guard var observation = try observation(of: domain, xml, mark) else { return nil }
        let known = capacities[observation.id] ?? [:]
        for (index, disk) in DomainDisk.all(of: xml).enumerated() {
            if let capacity = known[disk.target] {
                observation.disks[index].capacity = capacity
            } else if let ours = volume(of: disk, in: mark) {
                look(at: ours, &observation.disks[index])
            }
        }
        return observation
    }

    /// With all that is known of it; nil: it is being made, and is no machine yet.
    func closely(_ domain: Domain) throws(LibvirtError) -> Observation? {
        let xml = try Element.parse(try domain.xml())
        let mark = Mark(domain: xml)
        guard var observation = try observation(of: domain, xml, mark) else { return nil }
        for (index, disk) in DomainDisk.all(of: xml).enumerated() {
            if let ours = volume(of: disk, in: mark) {
                look(at: ours, &observation.disks[index])
            } else {
                observation.disks[index].capacity = domain.capacity(ofDisk: disk.target)
            }
        }
        guard observation.power == .running else { return observation }
        let addresses = domain.addresses()
        let live = try Element.parse(try domain.liveXML()).all("devices", "interface")
        for index in observation.nics.indices {
            guard let mac = observation.nics[index].mac else { continue }
            observation.nics[index].addresses = addresses[mac] ?? []
            let card = live.first { Self.mac($0) == mac }
            observation.nics[index].device = card?.first("target")?[attribute: "dev"]
        }
        return observation
    }

    /// How large the volume of a disk is, or whether it is certainly gone: a pool that is off, or that cannot be looked
    /// at, says nothing.
    private func look(at disk: Mark.Disk, _ seen: inout Observation.Disk) {
        guard let pool = try? connection.pool(named: disk.pool), (try? pool.isActive()) == true else { return }
        do throws(LibvirtError) {
            // Whoever looks does not wait for volumes that are being filled.
            let volume = try pool.presentVolume(named: disk.volume, patience: .zero)
            seen.isMissing = volume == nil
            seen.capacity = try volume?.capacity()
        } catch {
            return
        }
    }

    private func observation(of domain: Domain, _ xml: Element, _ mark: Mark?) throws(LibvirtError) -> Observation? {
        guard let id = domain.id, mark?.isMaking != true else { return nil }
        let cards = xml.all("devices", "interface")
        let macs = cards.map(Self.mac)
        let names = Self.names(of: macs, mark?.nics ?? [])
        return Observation(
            id: id, name: domain.name, isOurs: mark != nil, build: mark?.build, power: try domain.power(),
            run: domain.run, type: xml[attribute: "type"], firmware: Self.firmware(xml),
            cpus: xml.first("vcpu").flatMap { Int($0.text) } ?? 1, memory: xml["memory"]?.size ?? Size(bytes: 0),
            disks: DomainDisk.all(of: xml).map { disk in
                let named = mark?.disks.first { $0.target == disk.target }
                let ours = volume(of: disk, in: mark)
                return Observation.Disk(
                    name: named?.name ?? disk.target, place: ours.map { "\($0.pool)/\($0.volume)" } ?? disk.place,
                    capacity: nil, isReplaced: named != nil && ours == nil)
            },
            nics: cards.indices.map { index in
                Observation.NIC(name: names[index], mac: macs[index], network: Self.network(cards[index]))
            })
    }

    /// What the cards of these addresses are called: as our mark says, by address, and by place where somebody has changed
    /// an address; others `eth0`, `eth1` …
    static func names(of macs: [MAC?], _ known: [Mark.NIC]) -> [String] {
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

    static func mac(_ card: Element) -> MAC? { card["mac"]?[attribute: "address"].flatMap { MAC($0) } }

    private static func firmware(_ domain: Element) -> Specification.Firmware {
        let system = domain["os"]
        let isUEFI = system?[attribute: "firmware"] == "efi" || system?["loader"]?[attribute: "type"] == "pflash"
        return isUEFI ? .uefi : .bios
    }

    private static func network(_ nic: Element) -> NIC.Network? {
        guard let source = nic.first("source") else { return nil }
        return source[attribute: "network"].map { .network($0) } ?? source[attribute: "bridge"].map { .bridge($0) }
    }
}
