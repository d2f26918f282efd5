import Cascade
import Lifecycle
import OrderedCollections
import Tree

extension Snapshot {
    /// A hypervisor that the tree names, and the highest folder that does.
    struct Site: Sendable {
        let folder: Path
        let endpoint: Endpoint
    }

    /// The hypervisors that folders name, each once however many names it has.
    var hypervisors: [Site] {
        var sites: [Site] = []
        var known: Set<Endpoint.Address> = []
        tree.root.walk { node in
            guard node.entry.kind == .folder, node.entry.layer["hypervisors"] != nil else { return }
            let hypervisors = supply("hypervisors", at: node.entry.path)
            for name in hypervisors.keys {
                guard let endpoint = try? endpoint(named: name.text, at: node.entry.path, among: hypervisors),
                    known.insert(endpoint.address).inserted
                else { continue }
                sites.append(Site(folder: node.entry.path, endpoint: endpoint))
            }
        }
        return sites
    }

    func endpoint(named name: String, at folder: Path) throws(SpecificationError) -> Endpoint {
        try endpoint(named: name, at: folder, among: supply("hypervisors", at: folder))
    }

    private func endpoint(
        named name: String, at folder: Path, among hypervisors: Map
    ) throws(SpecificationError) -> Endpoint {
        try Endpoint(path: folder, definition: ["hypervisor": .string(name), "hypervisors": .map(hypervisors)])
    }

    /// The highest folder on the way to one that defines a hypervisor of that name; nil if none does.
    func folder(naming hypervisor: String, for folder: Path) -> Path? {
        let way = Array(sequence(first: folder) { $0.parent })
        return way.last { tree[$0]?.entry.layer["hypervisors"]?.map?[hypervisor] != nil }
    }

    /// The hypervisor that has a machine, called and treated as the folder at hand says by now; nil: none has it, or that is
    /// not known.
    func endpoint(of record: Record, in folder: Path) -> Endpoint? {
        guard let applied = record.applied, let made = try? Endpoint(path: folder, definition: applied) else {
            return nil
        }
        let hypervisors = supply("hypervisors", at: folder)
        let names = [made.name] + hypervisors.keys.map(\.text).filter { $0 != made.name }
        for name in names {
            if let named = try? endpoint(named: name, at: folder, among: hypervisors), named.address == made.address {
                return named
            }
        }
        return made
    }

    /// The hypervisor that a machine is on, or is to be made on.
    func endpoint(of entry: Entry) -> Endpoint? {
        let record = record(of: entry)
        guard record.applied == nil else { return endpoint(of: record, in: entry.path.parent ?? .root) }
        guard let computed = compute(entry), computed.problems.isEmpty else { return nil }
        return try? Endpoint(path: entry.path, definition: computed.definition)
    }

    /// What a folder hands down of a map of named things, but for those that something is wrong with.
    func supply(_ key: Key, at folder: Path) -> Map {
        inheritance(of: folder)?.supply(key) ?? [:]
    }
}
