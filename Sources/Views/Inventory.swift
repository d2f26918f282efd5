import Cascade
public import OrderedCollections
public import Tree

/// The groups of an Ansible inventory, without the hosts' variables, which are `Ansible.variables` of each.
///
/// Every folder's group lists the machines directly in it and has its subfolders' groups as children; the groups that
/// are nobody's children are those of `all`. Groups are sorted by name, hosts stand in the order in which they are given,
/// so that the same tree gives the same bytes.
public struct Inventory: Sendable, Hashable {
    /// A host as the groups know it.
    public struct Host: Sendable, Hashable {
        public let certname: String
        public let path: Path
        /// The groups that list it.
        public let groups: [String]

        public init(certname: String, path: Path, groups: [String]) {
            self.certname = certname
            self.path = path
            self.groups = groups
        }

        /// The same, holding the groups together with another host that is in the same ones.
        public func sharing(_ other: Host) -> Host {
            groups == other.groups ? Host(certname: certname, path: path, groups: other.groups) : self
        }

        public init(_ subject: Subject) {
            self.init(
                certname: subject.computed.certname, path: subject.computed.path, groups: Ansible.groups(of: subject))
        }
    }

    /// A group: who is in it, and which groups are.
    public struct Group: Sendable, Hashable {
        public fileprivate(set) var hosts: [String] = []
        public fileprivate(set) var children: OrderedSet<String> = []
    }

    /// The groups by name, sorted; `all` stands first and holds, through its children, every host.
    public let groups: OrderedDictionary<String, Group>

    /// The groups of some hosts, and of folders that are to be there even if they hold none.
    ///
    /// The folders above each are there too, so that a host is in the same groups whatever the inventory was narrowed
    /// to.
    public init(hosts: some Collection<Host>, folders: some Sequence<Path> = []) {
        var groups: OrderedDictionary<String, Group> = ["ungrouped": Group()]
        var known: Set<Path> = [.root]
        func enter(_ folder: Path) {
            guard known.insert(folder).inserted else { return }
            let name = Ansible.groupName(of: folder)
            groups[name] = groups[name] ?? Group()
            guard let parent = folder.parent, !parent.isRoot else { return }
            enter(parent)
            groups[Ansible.groupName(of: parent), default: Group()].children.append(name)
        }
        for folder in folders { enter(folder) }
        // Hosts side by side are mostly in the same groups.
        var last: (folder: Path?, groups: [String], places: [Int]) = (nil, [], [])
        for host in hosts {
            let folder = host.path.parent
            if let folder, folder != last.folder { enter(folder) }
            last.folder = folder
            if host.groups != last.groups {
                for group in host.groups where groups[group] == nil { groups[group] = Group() }
                last.places = host.groups.compactMap { groups.index(forKey: $0) }
                last.groups = host.groups
            }
            for place in last.places { groups.values[place].hosts.append(host.certname) }
        }
        let nested = groups.values.reduce(into: Set<String>()) { $0.formUnion($1.children) }
        var all = Group()
        all.children.append(contentsOf: groups.keys.filter { !nested.contains($0) })
        groups["all"] = all

        self.groups = Inventory.sorted(groups)
    }

    private static func sorted(_ groups: OrderedDictionary<String, Group>) -> OrderedDictionary<String, Group> {
        var result: OrderedDictionary<String, Group> = [:]
        for (name, var group) in groups.sorted(by: { rank($0.key) < rank($1.key) }) {
            group.children.sort()
            result[name] = group
        }
        return result
    }

    private static func rank(_ group: String) -> (Int, String) { (group == "all" ? 0 : 1, group) }
}

extension Inventory {
    /// The groups as the answer to `--list` has them, beside `_meta`.
    ///
    /// `hosts` is always a list: Ansible takes a group `{}` for a host, and refuses the inventory over a null.
    public var document: Map {
        var document: Map = [:]
        for (name, group) in groups {
            var value: Map = ["hosts": .list(group.hosts.map(Value.string))]
            if !group.children.isEmpty { value["children"] = .list(group.children.map(Value.string)) }
            document[name] = .map(value)
        }
        return document
    }

    /// The whole answer to `--list`: `_meta` with the variables of each host, and the groups.
    public func document(hostvars: Map) -> Map {
        var document: Map = ["_meta": ["hostvars": .map(hostvars)]]
        document.merge(self.document) { _, last in last }
        return document
    }
}
