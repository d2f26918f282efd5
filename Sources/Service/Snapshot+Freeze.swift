import Cascade
import Lifecycle
import OrderedCollections
import Tree

extension Snapshot {
    /// Refuses a new definition of a machine that changes what its state does not let change: what it is made of while
    /// it exists, what it runs with while it does.
    ///
    /// Only the local definition is judged; what a folder changes for all below it is pending until the next start or
    /// rebuild.
    func refuseFrozen(_ entry: Entry, _ definition: Map) throws(ServiceError) {
        let record = record(of: entry)
        guard entry.kind == .vm, record.isOnHypervisor, let parent = entry.path.parent,
            let inheritance = inheritance(of: parent)
        else { return }
        let after = Layer(source: entry.layer.source, definition: definition, revision: entry.revision)
        let (old, new) = (inheritance.compute(entry.layer).definition, inheritance.compute(after).definition)
        for key in OrderedSet(old.keys).union(new.keys) where old[key] != new[key] {
            guard let need = record.need(toChange: key) else { continue }
            let state = record.machine.state.rawValue
            throw .conflict(entry.path, "\(entry.path) is \(state), and \(key) can be changed only while it is \(need)")
        }
    }
}

extension Record {
    /// What a machine has to be for a key of its definition to be changed; nil if it can be changed now.
    fileprivate func need(toChange key: String) -> String? {
        // Of what could not be made there is nothing.
        if machine.failure?.isGone == true { return nil }
        switch (Schema.classes[key], machine.state) {
        case (.creation, _): return "provisioned; destroy it first"
        case (.runtime, .provisioned), (.runtime, .created), (.runtime, .stopped): return nil
        case (.runtime, _): return "provisioned, created or stopped; stop it first"
        case (.data, _), (.policy, _), (.supply, _), (.cascade, _), (nil, _): return nil
        }
    }
}
