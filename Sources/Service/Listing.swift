import Cascade
import OrderedCollections
import Tree
import Views

extension Index {
    /// What the index holds of a descriptor.
    ///
    /// There are as many as machines, so it is no more than the path and what the machine has in common with others.
    struct Listing: Hashable, Sendable {
        let path: Path
        let traits: Traits

        /// The name by which tools know the machine.
        var certname: String { traits.naming.certname(at: path) }
        /// The groups of Ansible's inventory that it lists.
        var groups: [String] { traits.groups }
        /// The hypervisor that its definition places it on.
        var hypervisor: String? { traits.hypervisor }
        /// Whether its certname lies neither below the domain of its definition nor, where there is none, is its path's.
        var isNamedOutside: Bool { traits.isNamedOutside }
        /// What is wrong with its computed definition.
        var problems: [Problem] { traits.problems }
    }

    /// What is known of a machine beside its path; machines that are alike share it.
    final class Traits: Sendable {
        let naming: Naming
        let isNamedOutside: Bool
        let groups: [String]
        let hypervisor: String?
        let problems: [Problem]
        /// Of all of it: taken once, on any core, for the index asks for it under no other than its own.
        fileprivate let hash: Int

        init(
            naming: Naming, isNamedOutside: Bool = false, groups: [String] = [], hypervisor: String? = nil,
            problems: [Problem] = []
        ) {
            self.naming = naming
            self.isNamedOutside = isNamedOutside
            self.groups = groups
            self.hypervisor = hypervisor
            self.problems = problems
            var hasher = Hasher()
            hasher.combine(naming)
            hasher.combine(isNamedOutside)
            hasher.combine(groups)
            hasher.combine(hypervisor)
            hasher.combine(problems)
            hash = hasher.finalize()
        }
    }

    /// How a machine comes by its certname.
    enum Naming: Hashable, Sendable {
        /// By the labels of its path, and a domain if there is one.
        case path(domain: String?)
        case own(String)
    }
}

extension Index.Traits {
    convenience init(_ computed: Computed) {
        self.init(
            naming: Index.Naming(computed.certname, at: computed.path), isNamedOutside: computed.isNamedOutside,
            groups: Ansible.listed(Subject(computed, Facts(state: ""))),
            hypervisor: computed.definition["hypervisor"]?.string, problems: computed.problems)
    }

    /// The keys of a computed definition that say more of it than its data.
    static let keys: Set<Key> = ["ansible", "hypervisor"]
}

extension Index.Listing {
    /// What it is to be called in Ansible's inventory.
    var claim: Claim { Claim(machine: path, certname: certname) }

    /// The groups of Ansible's inventory that it is to be in, beside its folder's.
    var groupClaims: [Claim] {
        groups.map { Claim(group: $0, listedBy: path) } + (hypervisor.map { [Claim(hypervisor: $0)] } ?? [])
    }
}

extension Computed {
    /// Whether the certname lies neither below the domain nor, where there is none, is the path's.
    fileprivate var isNamedOutside: Bool {
        // A domain that a level chose which has no trust is none.
        guard let domain = definition["domain"]?.string, isSound(at: ["domain"]) else {
            return certname != path.hostname
        }
        return !certname.utf8.reversed().starts(with: ".\(domain)".utf8.reversed())
    }
}

extension Index.Naming {
    init(_ certname: String, at path: Path) {
        let labels = path.hostname
        if certname == labels {
            self = .path(domain: nil)
        } else if certname.utf8.starts(with: (labels + ".").utf8) {
            self = .path(domain: String(Substring(certname.utf8.dropFirst(labels.utf8.count + 1))))
        } else {
            self = .own(certname)
        }
    }

    func certname(at path: Path) -> String {
        if case .own(let certname) = self { return certname }
        var certname = path.hostname
        if case .path(let domain?) = self {
            certname += "."
            certname += domain
        }
        return certname
    }
}

extension Index.Traits: Hashable {
    static func == (left: Index.Traits, right: Index.Traits) -> Bool {
        left === right
            || left.hash == right.hash && left.naming == right.naming
                && left.isNamedOutside == right.isNamedOutside && left.groups == right.groups
                && left.hypervisor == right.hypervisor
                && left.problems == right.problems
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(hash)
    }
}
