import Hypervisor
import Lifecycle
import OrderedCollections
import Tree

extension Observation {
    /// What people see of it, and what is kept of it.
    var map: Map {
        var map: Map = ["uuid": .string("\(id)"), "domain": .string(name), "power": .string(power.rawValue)]
        map["build"] = build.map(Value.integer)
        map["run"] = run.map(Value.integer)
        map["type"] = type.map(Value.string)
        map["cpus"] = .integer(cpus)
        map["memory"] = .integer(memory.bytes)
        map["disks"] = .map(Map(disks.map { (Key($0.name), .map($0.map)) }) { first, _ in first })
        map["nics"] = .map(Map(nics.map { (Key($0.name), .map($0.map)) }) { first, _ in first })
        map["autostart"] = autostart.map(Value.bool)
        return map
    }
}

extension Observation {
    /// The same, of a look at all machines at once, which tells neither the addresses in use nor, on every hypervisor, the
    /// capacities of disks: these are as they were known.
    func map(completing known: Map?) -> Map {
        var map = map
        map["disks"] = map["disks"]?.completed(by: known?["disks"], ["capacity", "missing"])
        if power == .running, known?["power"]?.string == power.rawValue {
            map["nics"] = map["nics"]?.completed(by: known?["nics"], ["addresses", "device"])
        }
        return map
    }
}

extension Value {
    /// A map of things, and of each on which all these keys say nothing here, what is known under them.
    fileprivate func completed(by known: Value?, _ keys: [String]) -> Value {
        guard var things = map else { return self }
        for (name, thing) in known?.map ?? [:] {
            guard var completed = things[name]?.map,
                keys.allSatisfy({ completed[$0] == nil || completed[$0] == [] })
            else { continue }
            for key in keys { completed[key] = thing.map?[key] ?? completed[key] }
            things[name] = .map(completed)
        }
        return .map(things)
    }
}

extension Observation.Disk {
    fileprivate var map: Map {
        var map: Map = ["place": .string(place)]
        map["capacity"] = capacity.map { .integer($0.bytes) }
        if isMissing { map["missing"] = true }
        if isReplaced { map["replaced"] = true }
        return map
    }
}

extension Observation.NIC {
    fileprivate var map: Map {
        var map: Map = [:]
        map["mac"] = mac.map { .string("\($0)") }
        map["device"] = device.map(Value.string)
        switch network {
        case .network(let name): map["network"] = .string(name)
        case .bridge(let name): map["bridge"] = .string(name)
        case nil: break
        }
        map["addresses"] = .list(addresses.map(Value.string))
        return map
    }
}
