import Cascade
import Lifecycle
import OrderedCollections
import Tree
import Views

/// The hosts of an inventory that stand side by side, and their variables as JSON.
struct HostList: Sendable {
    private(set) var hosts: [Inventory.Host] = []
    /// The names of the machines left out, because their definition is broken.
    private(set) var omitted: [String] = []
    /// Of all hosts, one after the other.
    private(set) var variables: [UInt8] = []

    /// Takes a machine as it was computed.
    mutating func append(_ subject: Subject, _ which: Ansible.Variables, as framing: InventoryText.Framing) {
        let certname = subject.computed.certname
        guard subject.computed.problems.isEmpty else { return omitted.append(certname) }
        append(Inventory.Host(subject))
        framing.append(certname, Ansible.variables(subject, which), to: &variables)
    }

    /// Takes a machine as the index knows it, without variables: nothing is computed.
    mutating func append(
        _ listing: Index.Listing, _ record: Record, as framing: InventoryText.Framing
    ) {
        guard listing.problems.isEmpty else { return omitted.append(listing.certname) }
        let groups = Ansible.groups(
            of: listing.path, state: record.machine.state.rawValue, hypervisor: record.hypervisor ?? listing.hypervisor,
            listed: listing.groups)
        append(Inventory.Host(certname: listing.certname, path: listing.path, groups: groups))
        framing.append(listing.certname, [:], to: &variables)
    }

    /// Hosts side by side are mostly in the same groups, and share the list of them.
    private mutating func append(_ host: Inventory.Host) {
        hosts.append(hosts.last.map { host.sharing($0) } ?? host)
    }
}
