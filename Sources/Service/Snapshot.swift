import Access
import Cascade
import HashTreeCollections
import Lifecycle
import Synchronization
import Tree

/// All that reads need, as it was at one moment: the tree, what is known of its machines, and the index of both.
final class Snapshot: Sendable {
    /// Differs between any two snapshots.
    let generation = Snapshot.made.add(1, ordering: .relaxed).newValue
    let revision: Int
    let tree: Hierarchy
    let records: TreeDictionary<EntryID, Record>
    let index: Index
    let inheritances: Inheritances
    /// What `access` says in the tree.
    let policy: Policy
    /// Which hypervisors may be named in it.
    let reach: Reach

    init(
        revision: Int, tree: Hierarchy, records: TreeDictionary<EntryID, Record>, index: Index,
        inheritances: Inheritances, policy: Policy, reach: Reach
    ) {
        self.revision = revision
        self.tree = tree
        self.records = records
        self.index = index
        self.inheritances = inheritances
        self.policy = policy
        self.reach = reach
    }

    private static let made = Atomic(0)

    /// The same tree, with what is known of its machines now.
    func knowing(_ records: TreeDictionary<EntryID, Record>) -> Snapshot {
        Snapshot(
            revision: revision, tree: tree, records: records, index: index, inheritances: inheritances,
            policy: policy, reach: reach)
    }

    /// The descriptor that tools know by this name.
    func machine(_ certname: String) -> Node? {
        index.path(of: certname).flatMap { tree[$0] }
    }

    /// The descriptor of that identity.
    func entry(_ id: EntryID) -> Entry? {
        index.listings[id].flatMap { tree[$0.path]?.entry }
    }

    /// What the folder at `path` hands down.
    func inheritance(of path: Path) -> Inheritance? {
        tree.inheritance(of: path, inheritances)
    }

    /// The computed definition of a descriptor.
    func compute(_ entry: Entry) -> Computed? {
        entry.path.parent.flatMap { inheritance(of: $0)?.compute(entry.layer) }
    }

    /// What is known of a descriptor's machine.
    func record(of entry: Entry) -> Record {
        records[entry.id] ?? Record()
    }
}

extension Hierarchy {
    /// What the folder at `path` hands down; nil if there is none.
    func inheritance(of path: Path, _ inheritances: Inheritances) -> Inheritance? {
        var node = root
        var inheritance = inheritances.inheritance(of: node.entry, below: nil)
        for segment in path.segments {
            guard let child = node[segment] else { return nil }
            node = child
            inheritance = inheritances.inheritance(of: node.entry, below: inheritance)
        }
        return inheritance
    }
}
