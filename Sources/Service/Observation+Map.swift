import Hypervisor
import Lifecycle
import OrderedCollections
import Tree

extension Observation {
    /// What people see of it, and what is kept of it.
    var map: Map {
        [
            "uuid": .string("\(id)"),
            "domain": .string(name),
            "power": .string(power.rawValue),
            "cpus": .integer(cpus),
            "memory": .integer(memory.bytes),
            "disks": .map(
                Map(disks.map { ($0.name, .map($0.map)) }) { first, _ in first }),
            "nics": .map(
                Map(nics.map { ($0.name, .map($0.map)) }) { first, _ in first }),
        ]
    }
}

extension Observation.Disk {
    fileprivate var map: Map {
        var map: Map = ["place": .string(place)]
        map["capacity"] = capacity.map { .integer($0.bytes) }
        return map
    }
}

extension Observation.NIC {
    fileprivate var map: Map {
        var map: Map = [:]
        map["mac"] = mac.map { .string("\($0)") }
        switch network {
        case .network(let name): map["network"] = .string(name)
        case .bridge(let name): map["bridge"] = .string(name)
        case nil: break
        }
        map["addresses"] = .list(addresses.map(Value.string))
        return map
    }
}
