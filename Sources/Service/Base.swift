import Access
import OrderedCollections
import Store
import Tree

/// The tree as it was when somebody took it to change it: what `apply` compares both sides with.
struct Base: Sendable {
    let revision: Int
    let entries: [Path: Entry]
    private let store: any StateStore

    /// What the caller may view of the tree as of a revision. Reads the store, so not to be called on a server's worker.
    init(_ revision: Int, below root: Path, _ call: Call) throws(ServiceError) {
        let (store, snapshot) = (call.parts.store, call.snapshot)
        guard revision <= snapshot.revision else {
            throw .notFound("base: there is no revision \(revision); the newest is \(snapshot.revision)")
        }
        let then = try ServiceError.wrapping { () throws(StoreError) in try store.entries(at: revision) }
        let known = Dictionary(uniqueKeysWithValues: then.map { ($0.path, $0) })
        let standing = call.standing.lookingBack(to: Policy(then)) { path in
            known[path]?.id != snapshot.tree[path]?.entry.id
        }
        entries = known.filter { root.contains($0.key) && standing.sees($0.key) }
        self.revision = revision
        self.store = store
    }

    /// Finds out for each contradiction who made it what it is now.
    func attribute(_ contradictions: [Contradiction], _ now: Snapshot) throws(ServiceError) -> [Contradiction] {
        var attributed = contradictions
        for (index, contradiction) in contradictions.prefix(Base.longest).enumerated() {
            let entry = now.tree[contradiction.origin]?.entry
            attributed[index].cause = try cause(of: contradiction.origin, contradiction.conflict.key, entry)
        }
        return attributed
    }

    /// The revision that gave an entry, or the value at a key of it, what it says now, or that took it away; nil if
    /// that is not known any more.
    private func cause(of path: Path, _ key: DottedPath, _ now: Entry?) throws(ServiceError) -> Revision? {
        try ServiceError.wrapping { () throws(StoreError) in
            guard let now else {
                let moves = try entries[path].map { entry throws(StoreError) in try store.moves(of: entry.id) } ?? []
                return try moves.first { $0.revision > revision && $0.path != path }
                    .flatMap { move throws(StoreError) in try store.revision(move.revision) }
            }
            let value = Value.map(now.definition).value(at: key)
            let versions = try store.versions(of: now.id, upTo: now.revision, limit: Base.longest)
            let same = versions.prefix {
                $0.revision > revision && Value.map($0.definition).value(at: key) == value
            }
            return try store.revision(same.last?.revision ?? now.revision)
        }
    }

    /// How many contradictions, and versions of one entry, are looked at.
    private static let longest = 1_000
}
