import Cascade
import HashTreeCollections
import Lifecycle
import OrderedCollections
import Tree

extension Snapshot {
    /// What the hypervisor is to make of a descriptor. The record gets an address for each card that has none, and what
    /// is applied.
    func specification(
        of entry: Entry, _ record: inout Record
    ) throws(ServiceError) -> Specification {
        let definition = try self.definition(of: entry)
        giveAddresses(to: definition["nics"]?.map ?? [:], of: entry.id, &record)
        record.applied = Record.applicable(definition)
        return try specification(of: entry, definition, record)
    }

    /// What a machine is made of by now.
    func applied(of entry: Entry, _ record: Record) throws(ServiceError) -> Specification {
        guard let applied = record.applied else { throw .conflict(entry.path, "\(entry.path): it has no VM") }
        return try specification(of: entry, applied, record)
    }

    /// What a start changes of a machine. The record gets an address for each card that has none.
    func update(
        of entry: Entry, _ record: inout Record
    ) throws(ServiceError) -> (before: Specification, after: Specification, applied: Map) {
        let before = try applied(of: entry, record)
        let next = record.restarted(try definition(of: entry))
        giveAddresses(to: next["nics"]?.map ?? [:], of: entry.id, &record)
        return (before, try specification(of: entry, next, record), Record.applicable(next))
    }

    private func specification(
        of entry: Entry, _ definition: Map, _ record: Record
    ) throws(ServiceError) -> Specification {
        let macs = record.macs
        var specification = try ServiceError.wrapping { () throws(SpecificationError) in
            try Specification(id: entry.id, path: entry.path, definition: definition, macs: macs)
        }
        specification.build = record.build
        return specification
    }

    private func giveAddresses(to nics: Map, of id: EntryID, _ record: inout Record) {
        let needy = nics.filter { $0.value.map?["mac"] == nil && record.macs[$0.key.text] == nil }.keys.map(\.text)
        guard !needy.isEmpty else { return }
        var taken = Set(records.values.flatMap(\.macs.values))
        for name in needy {
            var attempt = 0
            var mac = MAC.allocate(for: id, nic: name, attempt: attempt)
            while !taken.insert(mac).inserted {
                attempt += 1
                mac = MAC.allocate(for: id, nic: name, attempt: attempt)
            }
            record.macs[name] = mac
        }
    }

    /// The computed definition of a descriptor, if it is sound.
    func definition(of entry: Entry) throws(ServiceError) -> Map {
        guard let computed = compute(entry) else { throw .missing(entry.path) }
        guard computed.problems.isEmpty else { throw .broken(entry.path, computed.problems) }
        return computed.definition
    }
}
