import Lifecycle
import OrderedCollections
import Tree

extension Record {
    /// What of a computed definition a machine is made of: the creation and runtime keys, and of the supply what these
    /// name, or take where they name nothing.
    static func applicable(_ definition: Map) -> Map {
        var applied = definition.filter {
            switch Schema.classes[$0.key] {
            case .creation, .runtime: true
            case .data, .policy, .supply, .cascade, nil: false
            }
        }
        let parts = { (key: Key, name: Key) in (definition[key]?.map ?? [:]).values.map { $0.map?[name]?.string }
        }
        let images =
            [definition["image"]?.string].compactMap { $0 }
            + (parts("disks", "image") + parts("cdroms", "image")).compactMap { $0 }
        applied.take("hypervisors", [definition["hypervisor"]?.string].compactMap { $0 }, from: definition)
        // Where the machine is; how the hypervisor is treated may change at any time.
        if let hypervisors = applied["hypervisors"]?.map {
            let places = hypervisors.mapValues { hypervisor in
                hypervisor.map.map { .map($0.filter { ["driver", "uri"].contains($0.key) }) } ?? hypervisor
            }
            applied["hypervisors"] = .map(places)
        }
        applied.take("images", images, from: definition)
        let pools = (applied["images"]?.map ?? [:]).values.map { $0.map?["pool"]?.string }
        applied.take("pools", parts("disks", "pool") + pools + [nil], from: definition)
        applied.take("networks", parts("nics", "network"), from: definition)
        return applied
    }

    /// What the machine is to be made of at its next start: what it runs with as the definition says now, all else as it
    /// was made.
    func restarted(_ definition: Map) -> Map {
        guard let applied else { return Record.applicable(definition) }
        var next = Record.applicable(definition)
        for (key, keyClass) in Schema.classes where keyClass == .creation { next[key] = applied[key] }
        next["hypervisors"] = applied["hypervisors"]
        for key in ["images", "pools"] {
            let made = applied[key]?.map ?? [:]
            let supply = (next[key]?.map ?? [:]).merging(made) { _, made in made }
            next[key] = supply.isEmpty ? nil : .map(supply)
        }
        return next == applied ? applied : next
    }

    /// Where the definition, as computed by now, is not what the machine was made of.
    func pending(_ definition: Map) -> [Difference] {
        applied.map { Difference.ofMachine($0, named(as: $0, Record.applicable(definition))) } ?? []
    }

    /// Calls the machine's hypervisor what the tree calls it by now.
    mutating func rename(hypervisor endpoint: Endpoint) {
        guard applied != nil, hypervisor != endpoint.name else { return }
        applied?["hypervisor"] = .string(endpoint.name)
        // In full: what a place is by default may lie in its name.
        applied?["hypervisors"] = [
            Key(endpoint.name): ["driver": .string(endpoint.driver.rawValue), "uri": .string(endpoint.uri)]
        ]
    }

    /// What is applicable, with its hypervisor called what it was called when the machine was made: the same place under
    /// another name is no other.
    private func named(as made: Map, _ applicable: Map) -> Map {
        guard made["hypervisors"] != applicable["hypervisors"], let old = Endpoint(of: made),
            old.address == Endpoint(of: applicable)?.address
        else { return applicable }
        var named = applicable
        for key in ["hypervisor", "hypervisors"] { named[key] = made[key] }
        return named
    }

    /// Where the hypervisor's machine is not what was made of it.
    var drift: [Difference] {
        guard let applied, let observed else { return [] }
        return Hardware(definition: applied, macs: macs).drift(to: Hardware(observed: observed))
    }
}

extension Difference {
    /// The differences between what two definitions make a machine of. The order of disks is one of them: a guest names them
    /// by it. Cards and drives stay where they are when a start changes what is written of them, whatever their order.
    static func ofMachine(_ before: Map, _ after: Map) -> [Difference] {
        between(.map(before), .map(after), orderFrom: 1).filter { !$0.isOrder || $0.key == ["disks"] }
    }
}

extension Map {
    /// Takes over of a supply what is named; where a name is missing, what is meant without one.
    fileprivate mutating func take(_ key: Key, _ names: [String?], from definition: Map) {
        guard let supply = definition[key]?.map else { return }
        let taken = supply.filter { name, _ in
            names.contains(name.text) || names.contains(nil) && (name == "default" || supply.count == 1)
        }
        if !taken.isEmpty { self[key] = .map(taken) }
    }
}

extension Endpoint {
    /// The hypervisor of a definition; nil if that names none that can be read.
    init?(of definition: Map) {
        guard let endpoint = try? Endpoint(path: .root, definition: definition) else { return nil }
        self = endpoint
    }
}

extension Hardware {
    /// Reads what was kept of an observation.
    init(observed: Map) {
        let memory = observed["memory"].flatMap { Size($0) }
        self.init(cpus: observed["cpus"]?.integer ?? 0, memory: memory ?? Size(bytes: 0))
        for (name, disk) in observed["disks"]?.map ?? [:] where disk.map?["missing"] != true {
            disks[name.text] = .some(disk.map?["capacity"].flatMap { Size($0) })
            if disk.map?["replaced"] == true { replacedDisks[name.text] = disk.map?["place"]?.string }
        }
        for (name, nic) in observed["nics"]?.map ?? [:] {
            let network = nic.map?["network"]?.string.map { Lifecycle.NIC.Network.network($0) }
            nics[name.text] = NIC(
                mac: nic.map?["mac"]?.string.flatMap { MAC($0) },
                network: network ?? nic.map?["bridge"]?.string.map { .bridge($0) })
        }
        autostart = observed["autostart"]?.bool
    }
}
