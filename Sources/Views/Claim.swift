import Cascade
import OrderedCollections
public import Tree

/// A name of the Ansible inventory, and what wants it.
///
/// Groups and hosts share one space of names, and Ansible does not keep them apart: a host called like a group loses its
/// variables to the group's members, and two groups of one name become one.
public struct Claim: Sendable, Hashable {
    public enum Holder: Sendable, Hashable {
        /// The group of a folder.
        case folder(Path)
        /// A machine, by its certname.
        case machine(Path)
        /// The group of a state.
        case state(String)
        /// The group of a hypervisor.
        case hypervisor(String)
        /// A group that the machine lists in its `ansible.groups`.
        case listed(by: Path)
        /// Ansible itself.
        case ansible
    }

    public let name: String
    public let holder: Holder

    private init(_ name: String, _ holder: Holder) {
        self.name = name
        self.holder = holder
    }

    public init(folder: Path) { self.init(Ansible.groupName(of: folder), .folder(folder)) }
    public init(state: String) { self.init(Ansible.groupName(ofState: state), .state(state)) }
    public init(machine: Path, certname: String) { self.init(certname, .machine(machine)) }
    public init(group: String, listedBy path: Path) { self.init(group, .listed(by: path)) }
    public init(hypervisor: String) { self.init(Ansible.groupName(ofHypervisor: hypervisor), .hypervisor(hypervisor)) }

    /// What a machine wants: its certname, and the groups it lists.
    public static func claims(of subject: Subject) -> [Claim] {
        let path = subject.computed.path
        return [Claim(machine: path, certname: subject.computed.certname)]
            + Ansible.listed(subject).map { Claim(group: $0, listedBy: path) }
    }

    /// The names that nothing of the tree may have: groups of Ansible's own, the key beside the groups, and the names
    /// under which plays reach the controller.
    public static let reserved = ["all", "ungrouped", "_meta", "localhost", "127.0.0.1"].map { Claim($0, .ansible) }
}

extension Claim {
    /// What is wrong if this claim is made beside another of the same name; nil if both can be.
    ///
    /// A machine may list itself in a folder's group: it joins it.
    public func problem(beside other: Claim) -> Problem? {
        guard name == other.name, self != other else { return nil }
        switch (holder, other.holder) {
        case (.listed, .listed), (.listed, .folder), (.folder, .listed):
            return nil
        default:
            return Problem(
                path: holder.path, key: holder.key,
                "Ansible would know \(holder) and \(other.holder) by one name, \"\(name)\"; expected a name for each")
        }
    }

    /// What is wrong among many claims, each told where the later of two is made.
    public static func problems(among claims: some Sequence<Claim>) -> [Problem] {
        var holders = Dictionary(uniqueKeysWithValues: reserved.map { ($0.name, $0) })
        var problems: [Problem] = []
        for claim in claims {
            guard let other = holders[claim.name] else {
                holders[claim.name] = claim
                continue
            }
            if let problem = claim.problem(beside: other) {
                problems.append(problem)
            } else if case .folder = claim.holder {
                // A folder's group bears with less than a listed one, so it is the one to compare with.
                holders[claim.name] = claim
            }
        }
        return problems
    }
}

extension Claim.Holder: CustomStringConvertible {
    public var description: String {
        switch self {
        case .folder(let path): "the group of the folder \(path)"
        case .machine(let path): "the machine \(path)"
        case .state(let state): "the group of the machines that are \(state)"
        case .hypervisor(let name): "the group of the hypervisor \(name)"
        case .listed(let path): "a group that \(path) lists"
        case .ansible: "something of its own"
        }
    }

    /// The entry that makes the claim, or that it is made for; nil if it is none.
    public var path: Path? {
        switch self {
        case .folder(let path), .machine(let path), .listed(let path): path
        case .state, .hypervisor, .ansible: nil
        }
    }

    fileprivate var key: DottedPath? {
        switch self {
        case .machine: ["certname"]
        case .listed: ["ansible", "groups"]
        case .folder, .state, .hypervisor, .ansible: nil
        }
    }
}
