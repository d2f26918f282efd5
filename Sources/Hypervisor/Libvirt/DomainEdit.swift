import Lifecycle
import OrderedCollections
import Tree
import XML

/// What differs between two specifications of what a machine runs with, as changes to its domain's description.
///
/// Each element is changed where it stands and keeps what else is in it; what the specifications do not name is not looked
/// at. Applied twice, it does no more than once.
struct DomainEdit {
    let before: Specification
    let after: Specification
    let mark: Mark
    let host: Host
    /// The places of the CDs that are new, by the names of their drives.
    let cds: [String: Place]

    func applied(to description: Element) throws(LibvirtError) -> Element {
        var domain = description
        var mark = mark
        if before.cpus != after.cpus { setProcessors(of: &domain) }
        if before.memory != after.memory { setMemory(of: &domain) }
        if before.cpuShares != after.cpuShares { setShares(of: &domain) }
        if before.boot != after.boot { setBootOrder(of: &domain) }
        if before.nics != after.nics { try setCards(of: &domain, &mark) }
        if before.cdroms != after.cdroms { setDrives(of: &domain, &mark) }
        if before.nics != after.nics || before.cdroms != after.cdroms { mark.write(to: &domain) }
        return domain
    }

    private func setProcessors(of domain: inout Element) {
        var count = domain["vcpu"] ?? XML.element("vcpu")
        count.text = "\(after.cpus)"
        // How many of them are on at first, and which: of those there were before.
        count[attribute: "current"] = nil
        domain["vcpu"] = count
        domain["vcpus"] = nil
        // libvirt refuses a topology of another number of processors.
        domain.change("cpu") { processor in
            guard let topology = processor["topology"] else { return }
            let factors = ["sockets", "dies", "clusters", "cores", "threads"]
                .compactMap { topology[attribute: $0].flatMap { Int($0) } }
            var product = 1
            for factor in factors { product = product.multipliedReportingOverflow(by: factor).partialValue }
            if product != after.cpus { processor["topology"] = nil }
        }
    }

    private func setMemory(of domain: inout Element) {
        let (old, current) = (domain["memory"]?.size, domain["currentMemory"]?.size)
        domain["memory"] = sized(domain["memory"] ?? XML.element("memory"))
        // A balloon that somebody filled stays as it is.
        guard let current, current == old || current > after.memory else { return }
        domain.change("currentMemory") { $0 = sized($0) }
    }

    private func sized(_ element: Element) -> Element {
        var element = element
        element[attribute: "unit"] = "bytes"
        element.text = "\(after.memory.bytes)"
        return element
    }

    private func setShares(of domain: inout Element) {
        var tuning = domain["cputune"] ?? XML.element("cputune")
        tuning["shares"] = after.cpuShares.map { XML.element("shares", text: "\($0)") }
        domain["cputune"] = tuning.children.isEmpty ? nil : tuning
    }

    private func setBootOrder(of domain: inout Element) {
        domain.change("os") { system in
            let isBoot = { (node: Element.Node) in node.element?.name == "boot" }
            let place = system.content.firstIndex(where: isBoot) ?? system.content.endIndex
            system.content.removeAll(where: isBoot)
            system.content.insert(
                contentsOf: DomainDescription.boot(after.boot).map(Element.Node.element), at: place)
        }
        // An order that somebody gave to single devices is instead of this one: libvirt takes one of the two.
        domain.change("devices") { devices in
            devices.content = devices.content.map { node in
                guard case .element(var device) = node, device["boot"] != nil else { return node }
                device["boot"] = nil
                return .element(device)
            }
        }
    }
}

// The cards.
extension DomainEdit {
    private func setCards(of domain: inout Element, _ mark: inout Mark) throws(LibvirtError) {
        let gone = Set(before.nics.map(\.name)).subtracting(after.nics.map(\.name))
        let changed = after.nics.filter { !before.nics.contains($0) }
        var found: Set<String> = []
        domain.change("devices") { devices in
            devices.update(each: "interface") { card in
                guard let name = name(of: card, mark), !found.contains(name) else { return true }
                if gone.contains(name) { return false }
                guard let nic = changed.first(where: { $0.name == name }) else { return true }
                change(&card, from: before.nics.first { $0.name == name }, to: nic)
                found.insert(name)
                return true
            }
        }
        let new = changed.filter { !found.contains($0.name) }
        for nic in new {
            guard let lost = before.nics.first(where: { $0.name == nic.name }) else { continue }
            throw LibvirtError(.conflict, Message.lostCard(nic.name, lost.mac))
        }
        domain.change("devices") { $0.content += new.map { .element(DomainDescription.card($0)) } }
        mark.nics.removeAll { gone.contains($0.name) }
        for nic in changed {
            let own = Mark.NIC(name: nic.name, mac: nic.mac)
            if let index = mark.nics.firstIndex(where: { $0.name == nic.name }) {
                mark.nics[index] = own
            } else {
                mark.nics.append(own)
            }
        }
    }

    /// What a card is called, by its address alone: one that somebody attached is none of ours, wherever it stands.
    private func name(of card: Element, _ mark: Mark) -> String? {
        guard let mac = Observer.mac(card) else { return nil }
        return mark.nics.first { $0.mac == mac }?.name ?? before.nics.first { $0.mac == mac }?.name
    }

    private func change(_ card: inout Element, from old: NIC?, to new: NIC) {
        let wanted = DomainDescription.card(new)
        if old?.mac != new.mac { card.set("address", of: "mac", to: "\(new.mac)") }
        if old?.model != new.model { card.set("type", of: "model", to: new.model.rawValue) }
        guard old?.network != new.network else { return }
        if card[attribute: "type"] == wanted[attribute: "type"] {
            for (name, value) in wanted["source"]?.attributes ?? [:] { card.set(name, of: "source", to: value) }
        } else {
            card[attribute: "type"] = wanted[attribute: "type"]
            card["source"] = wanted["source"]
        }
    }
}

// The CD drives.
extension DomainEdit {
    private func setDrives(of domain: inout Element, _ mark: inout Mark) {
        let bus = DomainDescription.cdBus(domain.first("os", "type")?[attribute: "machine"], host)
        var used = Set(domain.all("devices", "disk").compactMap { $0["target"]?[attribute: "dev"] })
        for cdrom in before.cdroms where !after.cdroms.contains(where: { $0.name == cdrom.name }) {
            let target = target(of: cdrom.name)
            domain.change("devices") { devices in
                devices.update(each: "disk") { !isDrive($0, target) }
            }
            mark.cdroms.removeAll { $0.name == cdrom.name }
        }
        for cdrom in after.cdroms where !before.cdroms.contains(cdrom) {
            let target = target(of: cdrom.name)
            let place = cds[cdrom.name]
            var isFound = false
            domain.change("devices") { devices in
                devices.update(each: "disk") { drive in
                    guard isDrive(drive, target) else { return true }
                    isFound = true
                    let wanted = DomainDescription.drive(place, target: target ?? "", bus: bus, host)
                    drive[attribute: "type"] = wanted[attribute: "type"]
                    drive["source"] = wanted["source"]
                    drive["driver"] = drive["driver"] ?? wanted["driver"]
                    return true
                }
            }
            guard !isFound else { continue }
            let free = DomainDescription.target(on: bus, beside: used)
            used.insert(free)
            domain["devices"]?.content
                .append(.element(DomainDescription.drive(place, target: free, bus: bus, host)))
            mark.cdroms.removeAll { $0.name == cdrom.name }
            mark.cdroms.append(Mark.CDROM(name: cdrom.name, target: free))
        }
    }

    /// libvirt's name of a drive. Domains of earlier versions have it by its place in the specification.
    private func target(of name: String) -> String? {
        if let known = mark.cdroms.first(where: { $0.name == name }) { return known.target }
        guard mark.cdroms.isEmpty, let index = before.cdroms.firstIndex(where: { $0.name == name }) else { return nil }
        let all = DomainDescription(specification: before, host: host, name: "", disks: [], cds: []).targets
        return all.dropFirst(before.disks.count + index).first
    }

    private func isDrive(_ disk: Element, _ target: String?) -> Bool {
        disk[attribute: "device"] == "cdrom" && target != nil && disk["target"]?[attribute: "dev"] == target
    }
}

extension Element {
    /// Sets an attribute of the first element of that name, which is made if there is none.
    fileprivate mutating func set(_ attribute: String, of name: String, to value: String) {
        var child = self[name] ?? XML.element(name)
        child[attribute: attribute] = value
        self[name] = child
    }
}
