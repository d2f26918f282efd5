import Cascade
import HashTreeCollections
import Lifecycle
import OrderedCollections
import Tree

extension Writer {
    /// What the hypervisor is to make of a descriptor: what was recorded as applied, with an address for each card.
    ///
    /// Addresses are recorded before they are used, so that they stay the same whatever happens on the way.
    func specification(of id: EntryID) throws(ServiceError) -> Specification {
        try update(id) { snapshot, record throws(ServiceError) in
            guard let path = snapshot.index.listings[id]?.path, let entry = snapshot.tree[path]?.entry else {
                throw .notFound("the descriptor was deleted meanwhile")
            }
            let definition = try snapshot.definition(of: entry)
            var taken: Set<MAC>?
            for (name, nic) in definition["nics"]?.map ?? [:] where nic.map?["mac"] == nil && record.macs[name] == nil {
                let others = taken ?? Set(snapshot.records.values.flatMap(\.macs.values))
                var attempt = 0
                var mac = MAC.allocate(for: id, nic: name, attempt: attempt)
                while others.contains(mac) {
                    attempt += 1
                    mac = MAC.allocate(for: id, nic: name, attempt: attempt)
                }
                record.macs[name] = mac
                taken = others.union([mac])
            }
            let macs = record.macs
            return try ServiceError.wrapping { () throws(SpecificationError) in
                try Specification(id: id, path: path, definition: definition, macs: macs)
            }
        }
    }
}

extension Snapshot {
    /// The computed definition of a descriptor, if it is sound.
    func definition(of entry: Entry) throws(ServiceError) -> Map {
        guard let computed = compute(entry) else { throw .missing(entry.path) }
        guard computed.problems.isEmpty else { throw .broken(entry.path, computed.problems) }
        return computed.definition
    }
}
