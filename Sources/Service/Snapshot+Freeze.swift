import Cascade
import Lifecycle
import OrderedCollections
import Tree

extension Snapshot {
    /// Refuses a new layer of a machine that changes what its state does not let change: what it is made of while
    /// it exists, what it runs with while it does.
    ///
    /// Only the local definition is judged; what a folder changes for all below it is pending until the next start or
    /// rebuild. The cascade's own keys count as what they change.
    func refuseFrozen(_ entry: Entry, _ layer: Layer) throws(ServiceError) {
        try refuseFrozen(entry) { entry.path.parent.flatMap { inheritance(of: $0) }?.compute(layer) }
    }

    /// Refuses to move a machine to where it would be made of something else than its state lets it be.
    func refuseFrozen(_ entry: Entry, at place: Path, in tree: Hierarchy) throws(ServiceError) {
        try refuseFrozen(entry) {
            guard let layer = tree[place]?.entry.layer, let folder = place.parent else { return nil }
            return tree.inheritance(of: folder, Inheritances(inheritances))?.compute(layer)
        }
    }

    private func refuseFrozen(_ entry: Entry, _ next: () -> Computed?) throws(ServiceError) {
        let record = record(of: entry)
        guard entry.kind == .vm, record.isOnHypervisor, let old = compute(entry), let new = next() else { return }
        let isSamePlace =
            Endpoint(of: old.definition).map { $0.address == Endpoint(of: new.definition)?.address } ?? false
        for difference in Difference.ofMachine(old.definition, new.definition) {
            // Another name of the same hypervisor is no change.
            if isSamePlace, difference.key == ["hypervisor"] { continue }
            guard let need = record.need(toChange: difference.key) else { continue }
            throw .frozen(entry.path, difference.key, record.machine.state, need)
        }
    }
}

/// What a machine has to be for a key of its definition to be changed, and what makes it that.
struct Need: Hashable, Sendable {
    /// As the end of a sentence: `provisioned`.
    let states: String
    let verb: Verb
}

extension Record {
    /// Nil if the key can be changed now.
    fileprivate func need(toChange key: DottedPath) -> Need? {
        // Of what could not be made there is nothing.
        if machine.failure?.isGone == true { return nil }
        if let name = key.keys.first, Schema.live.contains(name) { return nil }
        let runtime = "provisioned, created or stopped"
        switch (key.keys.first.flatMap { Schema.classes[$0] }, machine.state) {
        case (.creation, _): return Need(states: "provisioned", verb: .destroy)
        case (.runtime, .provisioned), (.runtime, .created), (.runtime, .stopped): return nil
        case (.runtime, .failed): return Need(states: runtime, verb: .reconcile)
        case (.runtime, .paused): return Need(states: runtime, verb: .poweroff)
        case (.runtime, .starting), (.runtime, .running), (.runtime, .stopping):
            return Need(states: runtime, verb: .stop)
        case (.data, _), (.policy, _), (.supply, _), (.cascade, _), (nil, _): return nil
        }
    }
}
