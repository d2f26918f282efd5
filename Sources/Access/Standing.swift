import HashTreeCollections
public import Tree

/// What one principal may do in a tree.
public struct Standing: Sendable {
    public let principal: Principal
    public let policy: Policy
    private var past: Past?

    /// What a tree said that is looked back to.
    private struct Past {
        let policy: Policy
        let isGone: @Sendable (Path) -> Bool
    }

    public init(_ principal: Principal, _ policy: Policy) {
        self.principal = principal
        self.policy = policy
    }

    /// The standing in a tree as it was: where something is gone, what was said then counts as well.
    public func lookingBack(to policy: Policy, where isGone: @escaping @Sendable (Path) -> Bool) -> Standing {
        var standing = self
        standing.past = Past(policy: policy, isGone: isGone)
        return standing
    }

    /// What the principal may do at a place, which need not exist.
    public func rights(at path: Path) -> Rights {
        if principal.isSuperuser { return .all }
        guard !principal.isConfined else { return [] }
        return granted(at: path)
    }

    public func may(_ right: Right, at path: Path) -> Bool {
        rights(at: path).contains(right)
    }

    /// Whether the place exists for the principal.
    public func sees(_ path: Path) -> Bool {
        may(.view, at: path)
    }

    /// Whether the principal may have the documents made for the machine that stands at a place.
    ///
    /// A machine has those of its own certname, a token bound to one certname those of that one; any other principal
    /// those of the machines that he may view.
    public func reads(_ certname: String, at path: Path) -> Bool {
        if let bound = principal.bounds.certname, bound != certname { return false }
        if case .machine = principal.authority, principal.name != certname { return false }
        return granted(at: path).contains(.view)
    }

    /// Whether the principal sees the place or something below it, to which the place is on the way.
    public func finds(_ path: Path) -> Bool {
        if sees(path) { return true }
        guard !principal.isConfined else { return false }
        if let folder = principal.bounds.folder, folder != path {
            if path.contains(folder) { return finds(folder) }
            guard folder.contains(path) else { return false }
        }
        guard let stage = policy.stage(at: path) else { return false }
        let footing = policy.footing(at: path, of: principal.names)
        return stage.below.values.contains { finds($0, footing) }
    }

    /// Whether nothing that a tree may say hides anything from the principal.
    public var seesEverything: Bool { principal.authority == .superuser && sees(.root) }

    /// Whether the principal sees the place and all below it.
    public func seesAll(below path: Path) -> Bool {
        if principal.isSuperuser { return true }
        return sees(path) && policy.places(below: path).allSatisfy(sees)
    }

    private func finds(_ stage: Policy.Stage, _ above: Footing) -> Bool {
        var footing = above
        if let grant = stage.grant {
            footing.enter(grant, as: principal.names)
            if footing.rights.intersection(principal.limit).contains(.view) { return true }
        }
        return stage.below.values.contains { finds($0, footing) }
    }

    /// What the principal's authority and bounds allow, its being confined to one machine aside.
    private func granted(at path: Path) -> Rights {
        if let folder = principal.bounds.folder, !folder.contains(path) { return [] }
        switch principal.authority {
        case .superuser: return principal.limit.seeing
        case .machine: return principal.limit.intersection([.view])
        case .granted:
            var rights = policy.footing(at: path, of: principal.names).rights
            if let past, past.isGone(path) {
                rights.formIntersection(past.policy.footing(at: path, of: principal.names).rights)
            }
            return rights.intersection(principal.limit).seeing
        }
    }
}
