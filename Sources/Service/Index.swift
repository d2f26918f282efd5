import Cascade
import HashTreeCollections
import OrderedCollections
import Tree
import Views

/// Finds machines by the names that tools know them by, and keeps those names apart.
///
/// Persistent: an update copies what it changes and shares the rest, so that a check that fails costs nothing.
struct Index: Sendable {
    /// What the index holds of a descriptor.
    struct Listing: Hashable, Sendable {
        let path: Path
        let certname: String
        /// The groups of Ansible's inventory that it lists.
        let groups: [String]
        /// The hypervisor that its definition places it on.
        let hypervisor: String?
        /// What is wrong with its computed definition.
        let problems: [Problem]
    }

    private(set) var listings: TreeDictionary<EntryID, Listing> = [:]
    /// The descriptors that are not served, because their definition is broken.
    private(set) var broken: TreeDictionary<EntryID, Listing> = [:]
    /// Where the machine of a name stands.
    private var certnames: TreeDictionary<String, Path> = [:]
    private var names = Names()
    /// What references lead to, or led to at some time since the start.
    private(set) var targets: TreeSet<DottedPath> = []

    /// Where the machine of that certname stands.
    func path(of certname: String) -> Path? {
        certnames[certname]
    }

    func certname(of id: EntryID) -> String? {
        listings[id]?.certname
    }

    /// Puts a descriptor in; its names must be free, so all whose names change are to be removed first.
    mutating func insert(_ listing: Listing, _ id: EntryID) throws(Clash) {
        if let other = certnames[listing.certname] {
            throw Clash(certname: listing.certname, of: listing.path, and: other)
        }
        for claim in listing.claims { try names.insert(claim) }
        certnames[listing.certname] = listing.path
        listings[id] = listing
        if !listing.problems.isEmpty { broken[id] = listing }
    }

    /// Takes a descriptor out.
    mutating func remove(_ id: EntryID) {
        guard let listing = listings.removeValue(forKey: id) else { return }
        broken[id] = nil
        certnames[listing.certname] = nil
        for claim in listing.claims { names.remove(claim) }
    }

    /// Takes note of what a definition's references lead to.
    mutating func insert(targetsOf definition: Map) {
        for target in Value.map(definition).targets where !targets.contains(target) { targets.insert(target) }
    }

    /// Puts a folder in; its group's name must be free.
    mutating func insert(folder path: Path) throws(Clash) {
        if !path.isRoot { try names.insert(Claim(folder: path)) }
    }

    /// Takes a folder out.
    mutating func remove(folder path: Path) {
        if !path.isRoot { names.remove(Claim(folder: path)) }
    }
}

extension Index.Listing {
    init(_ computed: Computed) {
        self.init(
            path: computed.path, certname: computed.certname,
            groups: Ansible.listed(Subject(computed, Facts(state: ""))),
            hypervisor: computed.definition["hypervisor"]?.string, problems: computed.problems)
    }

    /// What it is to be called in Ansible's inventory, and with whom.
    var claims: [Claim] {
        Claim.claims(of: path, certname: certname, groups: groups) + (hypervisor.map { [Claim(hypervisor: $0)] } ?? [])
    }
}
