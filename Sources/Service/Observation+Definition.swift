import Hypervisor
import Lifecycle
import OrderedCollections
import Tree

extension Observation {
    /// A descriptor's definition that says what the VM is. The networks of its cards are named as the tree names
    /// them, or not where it does not.
    func definition(on hypervisor: String, networks: Map) -> Map {
        var definition: Map = [
            "hypervisor": .string(hypervisor),
            "hardware": ["cpus": .integer(cpus), "memory": .string("\(memory)")],
        ]
        if firmware != .bios { definition["firmware"] = .string(firmware.rawValue) }
        var disks: Map = [:]
        for disk in self.disks { disks[disk.name] = .map(disk.capacity.map { ["size": .string("\($0)")] } ?? [:]) }
        var nics: Map = [:]
        for nic in self.nics {
            var card: Map = [:]
            card["mac"] = nic.mac.map { .string("\($0)") }
            card["network"] = nic.network.flatMap { $0.name(among: networks) }.map(Value.string)
            nics[nic.name] = .map(card)
        }
        if !disks.isEmpty { definition["disks"] = .map(disks) }
        if !nics.isEmpty { definition["nics"] = .map(nics) }
        return definition
    }
}

extension NIC.Network {
    /// What the tree calls it.
    fileprivate func name(among networks: Map) -> String? {
        networks.first { name, network in
            switch self {
            case .network(let own):
                network.map?["bridge"] == nil && (network.map?["network"]?.string ?? name.text) == own
            case .bridge(let own): network.map?["bridge"]?.string == own
            }
        }?.key.text
    }
}

extension Record {
    /// Whether the VM is the descriptor's: made of it or adopted, and not only of the same UUID, as a released one is.
    func owns(_ observation: Observation) -> Bool { observation.isOurs || isAdopted }

    /// Takes over a VM as it is: what it is made of is what `local` says, and the supply that `computed` has for that.
    mutating func adopt(_ found: Observation, _ local: Map, _ computed: Map) {
        guard (try? machine.on(.asked(.adopt))) != nil else { return }
        var made = computed
        for (key, keyClass) in Schema.classes where keyClass == .creation || keyClass == .runtime {
            made[key] = local[key]
        }
        build += 1
        applied = Record.applicable(made)
        observed = found.map
        isAdopted = true
        tell(.found(found.power))
    }
}
