import Lifecycle
import OrderedCollections
import Tree

/// What a machine that exists waits for: the keys that it was not made of, and the verb that applies them.
struct Pending: Documented {
    /// From what was applied to what is computed.
    let differences: [Difference]
    let verb: Verb

    var document: Map {
        let differences = differences.map { difference in
            var map: Map = ["key": .string("\(difference.key)")]
            map["applied"] = difference.before
            map["computed"] = difference.after
            return Value.map(map)
        }
        return ["verb": .string(verb.rawValue), "differences": .list(differences)]
    }
}

extension Record {
    /// The verb that makes the machine what the definition says, in these keys.
    func verb(toApply differences: [Difference], of definition: Map) -> Verb {
        guard !isAdopted else { return .rebuild }
        var restarted = self
        restarted.applied = self.restarted(definition)
        let left = restarted.pending(definition).map(\.key)
        return differences.contains { left.contains($0.key) } ? .rebuild : .start
    }
}
