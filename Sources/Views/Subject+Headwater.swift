import Cascade
import OrderedCollections
import Tree

extension Subject {
    /// The map `headwater` that each tool gets: where the machine stands, what it is called, what became of it.
    ///
    /// `mac` and `hypervisor` are null where they are not known.
    var headwater: Map {
        let path = computed.path
        return [
            "path": .string(path.description),
            "name": .string(path.name),
            "folder": .string((path.parent ?? .root).description),
            "certname": .string(computed.certname),
            "state": .string(facts.state),
            "hypervisor": hypervisor.map(Value.string) ?? .null,
            "nics": .map(nics.mapValues(Subject.value)),
            "revision": .integer(computed.revision),
        ]
    }

    /// The hypervisor that the machine is on, or else the one that its definition places it on.
    var hypervisor: String? {
        facts.hypervisor ?? computed.definition["hypervisor"]?.string
    }

    /// The network cards: those of the definition, in its order, with what was observed of each; then further ones.
    ///
    /// An observed hardware address is the true one; addresses that were defined stand before those observed.
    var nics: OrderedDictionary<Key, Facts.NIC> {
        var nics = self["nics"].mapValues { Facts.NIC(defined: $0.map ?? [:]) }
        for (name, observed) in facts.nics {
            let name = Key(name)
            var nic = nics[name] ?? Facts.NIC()
            nic.mac = observed.mac ?? nic.mac
            nic.ipv4 = Subject.union(nic.ipv4, observed.ipv4)
            nic.ipv6 = Subject.union(nic.ipv6, observed.ipv6)
            nics[name] = nic
        }
        return nics
    }

    private static func union(_ one: [String], _ other: [String]) -> [String] {
        Array(OrderedSet(one + other))
    }

    private static func value(_ nic: Facts.NIC) -> Value {
        .map([
            "mac": nic.mac.map(Value.string) ?? .null,
            "ipv4": .list(nic.ipv4.map(Value.string)),
            "ipv6": .list(nic.ipv6.map(Value.string)),
        ])
    }
}

extension Facts.NIC {
    /// What a definition says of a network card; prefix lengths are left away.
    fileprivate init(defined: Map) {
        func addresses(_ key: String) -> [String] {
            (defined[key]?.list ?? []).compactMap { $0.string?.prefix { $0 != "/" } }.map(String.init)
        }
        self.init(mac: defined["mac"]?.string, ipv4: addresses("ipv4"), ipv6: addresses("ipv6"))
    }
}
