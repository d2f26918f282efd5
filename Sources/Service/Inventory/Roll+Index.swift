import HashTreeCollections
import Lifecycle
import Tree
import Views

extension Roll {
    /// Machines as the index knows them: nothing is computed.
    convenience init(_ machines: [Entry], in snapshot: Snapshot) {
        var hosts: [Inventory.Host] = []
        var omitted: [String] = []
        // What the last one's groups were made of, for those beside it are mostly in the same.
        var last: (folder: Path?, state: State, hypervisor: String?, traits: Index.Traits)?
        for entry in machines {
            guard let listing = snapshot.index.listings[entry.id] else { continue }
            guard listing.problems.isEmpty else {
                omitted.append(listing.certname)
                continue
            }
            let record = snapshot.record(of: entry)
            let hypervisor = record.hypervisor ?? listing.hypervisor
            let this = (listing.path.parent, record.machine.state, hypervisor, listing.traits)
            let groups =
                last.flatMap { $0 == this ? hosts.last?.groups : nil }
                ?? Ansible.groups(
                    of: listing.path, state: record.machine.state.rawValue, hypervisor: hypervisor,
                    listed: listing.groups)
            hosts.append(Inventory.Host(certname: listing.certname, path: listing.path, groups: groups))
            last = this
        }
        self.init(hosts, omitted: omitted)
    }
}
