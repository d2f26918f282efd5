import Lifecycle
import OrderedCollections
import Tree

/// What is known of a descriptor's machine beside its definition.
struct Record: Hashable, Sendable {
    var machine = Machine()
    /// How often the descriptor got a VM, made or adopted: which one it has now, or had last. 0: none yet, or one that an
    /// earlier version made.
    var build = 0
    /// The newest operation that did something to the VM, or was about to.
    var operation: Int?
    /// The hardware addresses that were given to its cards; they stay with the descriptor.
    var macs: [String: MAC] = [:]
    /// What the machine was last made of: creation and runtime keys, and the supply that they name.
    var applied: Map?
    /// Why the hypervisor did not answer when it was last asked; nil: it did.
    var silence: String?
    /// Whether the VM was there before its descriptor: what it is made of is never written over.
    var isAdopted = false
    /// The wanted state that somebody's verb led away from: it is not restored until a verb leads back, or somebody asks to
    /// reconcile.
    var held: Wanted.State?
    /// What the hypervisor said of the machine when it was last asked.
    var observed: Map?

    /// Whether a hypervisor has the machine or something of it, or may have it: it is being made, or the hypervisor did not
    /// say what came of that. Of a creation that was refused nothing is applied.
    var isOnHypervisor: Bool { applied != nil || machine.state != .provisioned && machine.failure?.isGone != true }

    /// Whether the machine was there once: what is there under the names of its disks is its own. Else a creation was begun at
    /// most, which may have been refused because these disks are somebody's.
    var wasMade: Bool {
        guard let failure = machine.failure else { return machine.state != .provisioned }
        return failure.cause != .action || failure.from != .provisioned
    }

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
            map["macs"] = .map(Map(uniqueKeysWithValues: sorted.map { (Key($0.key), .string("\($0.value)")) }))
        }
        if build > 0 { map["build"] = .integer(build) }
        map["operation"] = operation.map(Value.integer)
        map["applied"] = applied.map(Value.map)
        map["observed"] = observed.map(Value.map)
        map["silence"] = silence.map(Value.string)
        if isAdopted { map["adopted"] = true }
        map["held"] = held.map { .string($0.rawValue) }
        return map
    }

    /// Reads what `map` gave. Nothing is guessed: a machine that exists and is taken for one that does not would be made
    /// a second time.
    init(_ map: Map) throws(RecordError) {
        let state = try map.choice("state", State.self)
        var failure: Failure?
        if let stored = map["failure"] {
            guard let stored = stored.map, let reason = stored["reason"]?.string else {
                throw RecordError(key: "failure", "expected from, cause and reason, found \(stored.summary)")
            }
            failure = Failure(
                from: try stored.choice("from", State.self), cause: try stored.choice("cause", Failure.Cause.self),
                reason: reason)
        }
        machine = Machine(state: state, failure: failure)
        for (name, text) in map["macs"]?.map ?? [:] {
            guard let mac = text.string.flatMap({ MAC($0) }) else {
                throw RecordError(key: "macs.\(name)", "expected a MAC address, found \(text.summary)")
            }
            macs[name.text] = mac
        }
        build = try map.count("build") ?? 0
        operation = try map.count("operation")
        applied = (map["applied"]?.map).map(Record.applicable)
        observed = map["observed"]?.map
        silence = map["silence"]?.string
        isAdopted = map["adopted"] == true
        if map["held"] != nil { held = try map.choice("held", Wanted.State.self) }
    }
}

/// Why what is stored of a machine cannot be read.
struct RecordError: Error, CustomStringConvertible {
    let key: String
    let cause: String

    init(key: String, _ cause: String) {
        self.key = key
        self.cause = cause
    }

    var description: String { "\(key): \(cause)" }
}

extension Map {
    fileprivate func count(_ key: String) throws(RecordError) -> Int? {
        guard let value = self[Key(key)] else { return nil }
        guard let number = value.integer, number > 0 else {
            throw RecordError(key: key, "expected a number from 1, found \(value.summary)")
        }
        return number
    }

    fileprivate func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String, _ type: Choice.Type
    ) throws(RecordError) -> Choice {
        if let choice = self[key]?.string.flatMap(Choice.init(rawValue:)) { return choice }
        let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        throw RecordError(key: key, "expected one of \(known), found \(self[key]?.summary ?? "nothing")")
    }
}
