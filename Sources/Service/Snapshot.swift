import Access
import Cascade
import HashTreeCollections
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

    init(
        revision: Int, tree: Hierarchy, records: TreeDictionary<EntryID, Record>, index: Index,
        inheritances: Inheritances, policy: Policy
    ) {
        self.revision = revision
        self.tree = tree
        self.records = records
        self.index = index
        self.inheritances = inheritances
        self.policy = policy
    }

    private static let made = Atomic(0)

    /// The same tree, with what is known of its machines now.
    func knowing(_ records: TreeDictionary<EntryID, Record>) -> Snapshot {
        Snapshot(
            revision: revision, tree: tree, records: records, index: index, inheritances: inheritances,
            policy: policy)
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

    /// A descriptor, and what its folder hands down.
    struct Machine: Sendable {
        let entry: Entry
        let inheritance: Inheritance
    }

    /// The descriptors at `path` or below, sorted by path, to be computed on any core.
    func machines(
        below path: Path, _ inheritances: Inheritances, where isWanted: (Path) -> Bool = { _ in true }
    ) -> [Machine] {
        var machines: [Machine] = []
        forEachMachine(below: path, inheritances, where: isWanted) {
            machines.append(Machine(entry: $0, inheritance: $1))
        }
        return machines
    }

    /// Calls `body` for each descriptor at `path` or below with what its folder hands down; passes by what is not wanted,
    /// with all below it.
    func forEachMachine(
        below path: Path, _ inheritances: Inheritances, where isWanted: (Path) -> Bool = { _ in true },
        _ body: (Entry, Inheritance) throws -> Void
    ) rethrows {
        guard let node = self[path], isWanted(path) else { return }
        guard node.entry.kind == .folder else {
            if let parent = path.parent, let inheritance = inheritance(of: parent, inheritances) {
                try body(node.entry, inheritance)
            }
            return
        }
        guard let inheritance = inheritance(of: path, inheritances) else { return }
        try node.forEachMachine(inheritance, inheritances, isWanted, body)
    }
}

extension Node {
    fileprivate func forEachMachine(
        _ inheritance: Inheritance, _ inheritances: Inheritances, _ isWanted: (Path) -> Bool,
        _ body: (Entry, Inheritance) throws -> Void
    ) rethrows {
        for child in sortedChildren where isWanted(child.entry.path) {
            switch child.entry.kind {
            case .vm:
                try body(child.entry, inheritance)
            case .folder:
                let inner = inheritances.inheritance(of: child.entry, below: inheritance)
                try child.forEachMachine(inner, inheritances, isWanted, body)
            }
        }
    }
}
