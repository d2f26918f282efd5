import Lifecycle
import OrderedCollections
import Tree

/// What is known of a descriptor's machine beside its definition.
struct Record: Hashable, Sendable {
    var machine = Machine()
    /// The hardware addresses that were given to its cards; they stay with the descriptor.
    var macs: [String: MAC] = [:]
    /// What the machine was last made of: creation and runtime keys, and the supply that they name.
    var applied: Map?
    /// Why the hypervisor did not answer when it was last asked; nil: it did.
    var silence: String?
    /// Whether the VM was there before its descriptor: what it is made of is never written over.
    var isAdopted = false
    /// What the hypervisor said of the machine when it was last asked.
    var observed: Map?

    /// Whether a hypervisor has the machine, or may have it: it is being made, or that was tried and failed.
    var isOnHypervisor: Bool { machine.state != .provisioned || applied != nil }

    /// The name of the hypervisor that has the machine.
    var hypervisor: String? { applied?["hypervisor"]?.string }
}

extension Record {
    /// The record as the store keeps it.
    var map: Map {
        var map: Map = ["state": .string(machine.state.rawValue)]
        if let failure = machine.failure {
            map["failure"] = [
                "from": .string(failure.from.rawValue), "cause": .string(failure.cause.rawValue),
                "reason": .string(failure.reason),
            ]
        }
        if !macs.isEmpty {
            let sorted = macs.sorted { $0.key < $1.key }
            map["macs"] = .map(Map(uniqueKeysWithValues: sorted.map { ($0.key, .string("\($0.value)")) }))
        }
        map["applied"] = applied.map(Value.map)
        map["observed"] = observed.map(Value.map)
        map["silence"] = silence.map(Value.string)
        if isAdopted { map["adopted"] = true }
        return map
    }

    /// Reads what `map` gave; nil if it is none of ours.
    init?(_ map: Map) {
        guard let state = map["state"]?.string.flatMap(State.init) else { return nil }
        machine = Machine(state: state, failure: map["failure"]?.map.flatMap(Failure.init))
        for (name, text) in map["macs"]?.map ?? [:] { macs[name] = text.string.flatMap { MAC($0) } }
        applied = (map["applied"]?.map).map(Record.applicable)
        observed = map["observed"]?.map
        silence = map["silence"]?.string
        isAdopted = map["adopted"] == true
    }
}

extension Failure {
    fileprivate init?(_ map: Map) {
        guard let from = map["from"]?.string.flatMap(State.init), let cause = map["cause"]?.string.flatMap(Cause.init),
            let reason = map["reason"]?.string
        else { return nil }
        self.init(from: from, cause: cause, reason: reason)
    }
}
