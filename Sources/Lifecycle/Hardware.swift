public import OrderedCollections
public import Tree

/// What can be seen of a machine from outside, whether a definition says so or a hypervisor.
public struct Hardware: Hashable, Sendable {
    public var cpus: Int
    public var memory: Size
    /// By name; the size is nil where it is not known.
    public var disks: OrderedDictionary<String, Size?>
    public var nics: OrderedDictionary<String, NIC>
    /// Whether the hypervisor starts it when it starts itself; nil where that is not said, or not known.
    public var autostart: Bool?
    /// Where the disks are that are others than the machine was made with, by the names of those.
    public var replacedDisks: [String: String] = [:]

    public struct NIC: Hashable, Sendable {
        public var mac: MAC?
        /// Nil where it is not known.
        public var network: Lifecycle.NIC.Network?

        public init(mac: MAC?, network: Lifecycle.NIC.Network?) {
            self.mac = mac
            self.network = network
        }
    }

    public init(
        cpus: Int, memory: Size, disks: OrderedDictionary<String, Size?> = [:],
        nics: OrderedDictionary<String, NIC> = [:], autostart: Bool? = nil
    ) {
        self.cpus = cpus
        self.memory = memory
        self.disks = disks
        self.nics = nics
        self.autostart = autostart
    }

    /// Reads from the creation and runtime keys of a definition what a machine made of them has. `macs` are the
    /// addresses of the cards whose definition names none. What cannot be read is not known.
    public init(definition: Map, macs: [String: MAC]) {
        var reader = DefinitionReader(path: .root, definition: definition)
        cpus = reader.integer(["hardware", "cpus"], in: 1...1024) ?? Specification.cpus
        memory = reader.size(["hardware", "memory"]) ?? Specification.memory
        disks = [:]
        for name in reader.diskNames() { disks[name] = .some(reader.size(["disks", Key(name), "size"])) }
        nics = [:]
        for name in reader.names(["nics"]) {
            let mac = reader.text(["nics", Key(name), "mac"]).flatMap { MAC($0) } ?? macs[name]
            nics[name] = NIC(mac: mac, network: reader.network(["nics", Key(name), "network"]))
        }
        autostart = reader.value(["autostart"])?.bool
    }
}

extension Hardware {
    /// Where a hypervisor's machine is not what this says, in the words of a definition. What one of the two does not
    /// know is no difference; cards are told apart by their addresses.
    public func drift(to observed: Hardware) -> [Difference] {
        var seen = observed
        seen.nics = named(observed.nics)
        return Difference.between(.map(map(beside: seen)), .map(seen.map(beside: self)))
    }

    /// Another machine's cards under the names that they have here: by address, then by name; the rest are taken for
    /// those that are left, in order, because somebody may have changed an address.
    private func named(_ others: OrderedDictionary<String, NIC>) -> OrderedDictionary<String, NIC> {
        var named: OrderedDictionary<String, NIC> = [:]
        var left = others
        func take(_ name: String, as own: String?) {
            guard let own, named[own] == nil, let nic = left.removeValue(forKey: name) else { return }
            named[own] = nic
        }
        for (name, nic) in others where nic.mac != nil {
            take(name, as: nics.first { $0.value.mac == nic.mac && named[$0.key] == nil }?.key)
        }
        for name in left.keys where nics[name] != nil { take(name, as: name) }
        for name in left.keys { take(name, as: nics.keys.first { named[$0] == nil }) }
        // More cards than this has. A name of ours may be in use already; an address is not.
        for (name, nic) in left { named[named[name] == nil ? name : nic.mac?.description ?? name] = nic }
        return named
    }

    private func map(beside other: Hardware) -> Map {
        var disks: Map = [:]
        for (name, size) in self.disks {
            var disk: Map = [:]
            if let size, case .some(.some) = other.disks[name] { disk["size"] = .string("\(size)") }
            disks[name] = replacedDisks[name].map(Value.string) ?? .map(disk)
        }
        var nics: Map = [:]
        for (name, nic) in self.nics {
            var map: Map = [:]
            let counterpart = other.nics[name]
            if let mac = nic.mac, counterpart?.mac != nil { map["mac"] = .string("\(mac)") }
            if let network = nic.network, counterpart?.network != nil { map["network"] = .string("\(network)") }
            nics[name] = .map(map)
        }
        var map: Map = [
            "hardware": ["cpus": .integer(cpus), "memory": .string("\(memory)")], "disks": .map(disks),
            "nics": .map(nics),
        ]
        if let autostart, other.autostart != nil { map["autostart"] = .bool(autostart) }
        return map
    }
}
