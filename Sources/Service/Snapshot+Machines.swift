import Cascade
import HashTreeCollections
import Lifecycle
import OrderedCollections
import Tree
import Views

extension Snapshot {
    /// What the views make documents of.
    func subject(of entry: Entry) throws(ServiceError) -> Subject {
        guard let computed = compute(entry) else { throw .missing(entry.path) }
        guard computed.problems.isEmpty else { throw .broken(entry.path, computed.problems) }
        return Subject(computed, Facts(record(of: entry)))
    }

    /// What a selector may ask of a descriptor without computing its definition; nil if it has none.
    func field(_ field: Selector.Field, of entry: Entry) -> Value? {
        switch field {
        case .path: .string(entry.path.description)
        case .kind: .string(entry.kind.rawValue)
        case .certname: index.listings[entry.id].map { .string($0.certname) }
        case .state: .string(record(of: entry).machine.state.rawValue)
        case .hypervisor: index.listings[entry.id]?.hypervisor.map(Value.string)
        case .groups: index.listings[entry.id].map { .list($0.groups.map(Value.string)) }
        }
    }
}
