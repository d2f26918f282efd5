import Access
import Store
import Tree

/// What somebody may view of what was.
///
/// A place is judged by what the tree says now. What stands there no more is judged by what the tree said then as well:
/// what was hidden does not come to light by being deleted or moved.
struct Hindsight {
    private struct Moment: Hashable {
        let path: Path
        let revision: Int
    }

    private let standing: Standing
    private let now: Hierarchy
    private let store: any StateStore
    private var grants: [Moment: Grant?] = [:]

    /// Reads the store, so not to be used on a server's worker.
    init(_ standing: Standing, _ now: Hierarchy, _ store: any StateStore) {
        self.standing = standing
        self.now = now
        self.store = store
    }

    /// Whether an entry may be viewed at a place where it stood as of some of these revisions.
    mutating func sees(_ path: Path, of id: EntryID, as revisions: [Int]) throws(ServiceError) -> Bool {
        guard standing.sees(path) else { return false }
        guard !standing.principal.isSuperuser, now[path]?.entry.id != id else { return true }
        let store = store
        let horizon = try ServiceError.wrapping { () throws(StoreError) in try store.horizon() }
        // Who could view what is no longer kept is not known any more.
        for revision in revisions {
            guard revision >= horizon else { return false }
            guard Standing(standing.principal, try policy(at: path, as: revision)).sees(path) else { return false }
        }
        return true
    }

    /// What `access` said on the way to a place.
    private mutating func policy(at path: Path, as revision: Int) throws(ServiceError) -> Policy {
        var policy = Policy()
        for place in sequence(first: path, next: \.parent) {
            policy = policy.setting(try grant(at: place, as: revision), at: place)
        }
        return policy
    }

    private mutating func grant(at path: Path, as revision: Int) throws(ServiceError) -> Grant? {
        let moment = Moment(path: path, revision: revision)
        if let known = grants[moment] { return known }
        let store = store
        let entry = try ServiceError.wrapping { () throws(StoreError) in try store.entry(at: path, as: revision) }
        let grant = entry.flatMap { Grant(access: $0.layer["access"]) }
        grants[moment] = .some(grant)
        return grant
    }
}

extension Call {
    /// What the caller may view of what was.
    var hindsight: Hindsight { Hindsight(standing, parts.current.snapshot.tree, parts.store) }

    /// The places at which a revision changed something that the caller may view, by the identities of the entries.
    func places(of revision: Int) throws(ServiceError) -> [EntryID: Set<Path>] {
        let store = parts.store
        var hindsight = hindsight
        var seen: [EntryID: Set<Path>] = [:]
        let places = try ServiceError.wrapping { () throws(StoreError) in try store.places(of: revision) }
        for (id, paths) in places {
            for path in paths where try hindsight.sees(path, of: id, as: [revision - 1, revision]) {
                seen[id, default: []].insert(path)
            }
        }
        return seen
    }
}
