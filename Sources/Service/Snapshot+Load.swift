import Access
import Cascade
import HashTreeCollections
import Lifecycle
import Store
import Tree

extension Snapshot {
    /// The snapshot that stored entries make.
    convenience init(
        revision: Int, entries: [Entry], records: TreeDictionary<EntryID, Record>, reach: Reach = Reach()
    ) {
        let tree = Hierarchy(entries.sorted { $0.path < $1.path })
        let inheritances = Inheritances()
        self.init(
            revision: revision, tree: tree, records: records, index: Index(tree, inheritances),
            inheritances: inheritances, policy: Policy(tree), reach: reach)
    }

    /// The snapshot of all that a store holds.
    convenience init(_ contents: Contents, reach: Reach = Reach()) {
        var records: TreeDictionary<EntryID, Record> = [:]
        let ids = contents.machines.isEmpty ? [] : Set(contents.entries.map(\.id))
        for (id, map) in contents.machines where ids.contains(id) { records[id] = Record(map) }
        self.init(revision: contents.revision, entries: contents.entries, records: records, reach: reach)
    }
}

extension Index {
    /// The index of a tree that was checked when it was written: names clash nowhere.
    init(_ tree: Hierarchy, _ inheritances: Inheritances) {
        self.init()
        tree.root.walk { node in
            if node.entry.kind == .folder { try? insert(folder: node.entry.path) }
            insert(targetsOf: node.entry.layer)
        }
        inheritances.remember(.root, in: tree)
        for (id, listing) in Listing.all(tree.batches(below: .root, inheritances)) { try? insert(listing, id) }
    }
}
