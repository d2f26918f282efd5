public import OrderedCollections
public import Tree

/// What tools are told of a single machine, each document by its name.
public enum View: String, Sendable, CaseIterable {
    case enc
    case hiera
    /// The variables of the host.
    case ansible
    /// The groups that list the host.
    case groups
    case pillar
    case top

    /// The document; the names of the groups under `groups`.
    public func document(_ subject: Subject) -> Map {
        switch self {
        case .enc: ENC.document(subject)
        case .hiera: Hiera.document(subject)
        case .ansible: Ansible.variables(subject)
        case .groups: ["groups": .list(Ansible.groups(of: subject).map(Value.string))]
        case .pillar: Pillar.document(subject)
        case .top: Pillar.top(subject)
        }
    }

    /// How a machine's document differs from what it was; all of it if there was none.
    ///
    /// What `headwater` says of the machine's place, name and revision is left out: it tells machines apart to which the
    /// same happens.
    public func differences(from former: Subject?, to subject: Subject) -> [Difference] {
        let differences = Difference.between(
            former.map { .map(document($0)) }, .map(document(subject)), isReplayable: true,
            orderFrom: depthOfValues)
        guard let headwater else { return differences }
        return differences.filter { difference in
            let keys = difference.key.keys
            let isIdentity = keys.last.map(View.identity.contains) ?? false
            return !(isIdentity && Array(keys.dropLast()) == headwater)
        }
    }

    /// How many keys lead to a value of the document, such as a parameter or a fact: tools look these up by name, so that
    /// their order says nothing, and the order within them does.
    private var depthOfValues: Int { self == .enc ? 2 : 1 }

    /// Where the map `headwater` stands; nil if it is not there.
    private var headwater: [Key]? {
        switch self {
        case .enc: ["parameters", "headwater"]
        case .hiera, .ansible, .pillar: ["headwater"]
        case .groups, .top: nil
        }
    }

    private static let identity: Set<Key> = ["path", "name", "folder", "certname", "revision"]
}
