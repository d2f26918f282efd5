import Cascade
import HashTreeCollections
import Lifecycle
import OrderedCollections
import Tree

extension Writer {
    /// What the hypervisor is to make of a descriptor, with an address for each card.
    ///
    /// It is recorded as applied, and the addresses as given, before the hypervisor hears of them: they stay the same
    /// whatever happens on the way.
    func specification(of id: EntryID) throws(ServiceError) -> Specification {
        try update(id) { snapshot, record throws(ServiceError) in
            guard let path = snapshot.index.listings[id]?.path, let entry = snapshot.tree[path]?.entry else {
                throw .notFound("the descriptor was deleted meanwhile")
            }
            return try snapshot.specification(of: entry, &record)
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

    /// What is to be made of a descriptor; `record` is told, and gets an address for each card that has none.
    func specification(of entry: Entry, _ record: inout Record) throws(ServiceError) -> Specification {
        let definition = try definition(of: entry)
        var taken: Set<MAC>?
        for (name, nic) in definition["nics"]?.map ?? [:] where nic.map?["mac"] == nil && record.macs[name] == nil {
            let others = taken ?? Set(records.values.flatMap(\.macs.values))
            var attempt = 0
            var mac = MAC.allocate(for: entry.id, nic: name, attempt: attempt)
            while others.contains(mac) {
                attempt += 1
                mac = MAC.allocate(for: entry.id, nic: name, attempt: attempt)
            }
            record.macs[name] = mac
            taken = others.union([mac])
        }
        record.applied = Record.applicable(definition)
        let macs = record.macs
        return try ServiceError.wrapping { () throws(SpecificationError) in
            try Specification(id: entry.id, path: entry.path, definition: definition, macs: macs)
        }
    }
}
