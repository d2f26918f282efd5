import Cascade
import HashTreeCollections
import Tree
import Views

/// Finds machines by the names that tools know them by, and keeps those names apart.
///
/// Persistent: an update copies what it changes and shares the rest, so that a check that fails costs nothing.
struct Index: Sendable {
    /// What the index holds of a descriptor.
    struct Listing: Sendable {
        let path: Path
        let certname: String
        /// The groups that its `ansible.groups` names.
        let groups: [String]
        /// What is wrong with its computed definition.
        let problems: [Problem]
    }

    private(set) var listings: TreeDictionary<EntryID, Listing> = [:]
    /// The descriptors that are not served, because their definition is broken.
    private(set) var broken: TreeDictionary<EntryID, Listing> = [:]
    private var certnames: TreeDictionary<String, EntryID> = [:]
    /// Folders by the Ansible group that stands for them.
    private var folders: TreeDictionary<String, Path> = [:]
    /// How many descriptors name a group in `ansible.groups`.
    private var groups: TreeDictionary<String, Int> = [:]

    /// Where the machine of that certname stands.
    func path(of certname: String) -> Path? {
        certnames[certname].flatMap { listings[$0]?.path }
    }

    func certname(of id: EntryID) -> String? {
        listings[id]?.certname
    }

    /// Takes descriptors out.
    mutating func remove(_ id: EntryID) {
        guard let listing = listings.removeValue(forKey: id) else { return }
        broken[id] = nil
        if certnames[listing.certname] == id { certnames[listing.certname] = nil }
        for group in listing.groups { groups[group] = groups[group].flatMap { $0 > 1 ? $0 - 1 : nil } }
    }

    /// Puts descriptors in; each name must be free, so all whose names change are to be removed first.
    mutating func insert(_ listing: Listing, _ id: EntryID) throws(Conflict) {
        if let other = certnames[listing.certname], other != id, let standing = listings[other] {
            throw Conflict(
                path: listing.path,
                "the certname \"\(listing.certname)\" would be that of both \(standing.path) and \(listing.path); "
                    + "expected one that is unique in the tree: set certname on one of them")
        }
        if let folder = folders[listing.certname] {
            throw Conflict(
                path: listing.path,
                "the certname \"\(listing.certname)\" of \(listing.path) is also the Ansible group of the folder \(folder); "
                    + "expected a name that no group has")
        }
        if groups[listing.certname] != nil || listing.groups.contains(listing.certname) {
            throw Conflict(
                path: listing.path,
                "the certname \"\(listing.certname)\" of \(listing.path) is also a group in ansible.groups; "
                    + "expected a name that no group has")
        }
        for group in listing.groups {
            if let other = certnames[group], let standing = listings[other] {
                throw Conflict(
                    path: listing.path,
                    "the group \"\(group)\" that \(listing.path) is in is also the certname of \(standing.path); "
                        + "expected a name that no machine has")
            }
            groups[group, default: 0] += 1
        }
        certnames[listing.certname] = id
        listings[id] = listing
        if !listing.problems.isEmpty { broken[id] = listing }
    }

    /// Takes a folder out.
    mutating func remove(folder path: Path) {
        let group = Ansible.groupName(of: path)
        if folders[group] == path { folders[group] = nil }
    }

    /// Puts a folder in; its group must be free.
    mutating func insert(folder path: Path) throws(Conflict) {
        guard !path.isRoot else { return }
        let group = Ansible.groupName(of: path)
        guard group != "all", group != "ungrouped" else {
            throw Conflict(
                path: path, "\(path): a folder at the top cannot be called \"\(group)\", which Ansible reserves; expected another name")
        }
        if let other = folders[group], other != path {
            throw Conflict(
                path: path,
                "the folders \(other) and \(path) would both be Ansible's group \"\(group)\"; expected another name for one")
        }
        if let id = certnames[group], let standing = listings[id] {
            throw Conflict(
                path: path,
                "the folder \(path) would be Ansible's group \"\(group)\", which is the certname of \(standing.path); "
                    + "expected another name for one")
        }
        folders[group] = path
    }

    /// Two things that would have one name.
    struct Conflict: Error {
        let path: Path
        let message: String

        init(path: Path, _ message: String) {
            self.path = path
            self.message = message
        }
    }
}

extension Index.Listing {
    init(_ computed: Computed) {
        self.init(
            path: computed.path, certname: computed.certname,
            groups: computed.definition["ansible"]?.map?["groups"]?.list?.compactMap(\.string) ?? [],
            problems: computed.problems)
    }
}
