import Cascade
import HashTreeCollections
import Lifecycle
import OrderedCollections
import Tree

extension Selector {
    /// Whether a machine is meant.
    enum Verdict: Comparable, Sendable {
        case no
        /// Its definition is broken, and what cannot be computed of it decides.
        case unknown
        case yes

        /// Whether all of several requirements hold: one that does not decides, whatever is not known beside it.
        static func all<Requirement>(_ requirements: [Requirement], _ verdict: (Requirement) -> Verdict) -> Verdict {
            var least = Verdict.yes
            for requirement in requirements where least != .no { least = min(least, verdict(requirement)) }
            return least
        }
    }

    /// What stands at a key of a machine.
    enum Finding: Sendable {
        case value(Value)
        case nothing
        /// Something that cannot be computed.
        case unknown

        init(_ value: Value?) {
            self = value.map(Finding.value) ?? .nothing
        }
    }
}

extension Computed {
    func finding(at key: DottedPath) -> Selector.Finding {
        isKnown(at: key) ? .init(Value.map(definition).value(at: key)) : .unknown
    }
}

extension Selector {
    /// Whether a machine is meant, as far as its fields and its computed definition tell.
    func verdict(_ entry: Entry, _ computed: Computed, in snapshot: Snapshot) -> Verdict {
        let verdict = verdict { computed.finding(at: $0) }
        return verdict == .no ? .no : min(verdict, snapshot.verdict(of: self, on: entry))
    }
}

extension Snapshot {
    /// Whether a selector means a descriptor, as far as its fields tell.
    func verdict(of selector: Selector, on entry: Entry) -> Selector.Verdict {
        selector.verdict { field in finding(field, of: entry) }
    }

    /// What a selector may ask of a descriptor without computing its definition, unless that is broken.
    private func finding(_ field: Selector.Field, of entry: Entry) -> Selector.Finding {
        let listing = index.listings[entry.id]
        switch field {
        case .path: return .value(.string(entry.path.description))
        case .kind: return .value(.string(entry.kind.rawValue))
        case .certname: return .init(listing.map { .string($0.certname) })
        case .state: return .value(.string(record(of: entry).machine.state.rawValue))
        case .hypervisor, .groups: break
        }
        guard let listing, listing.problems.isEmpty else {
            guard let key = try? DottedPath(field.rawValue) else { return .nothing }
            return compute(entry)?.finding(at: key) ?? .nothing
        }
        return .init(field == .groups ? .list(listing.groups.map(Value.string)) : listing.hypervisor.map(Value.string))
    }
}
