import Access
import Cascade
import HashTreeCollections
import Lifecycle
public import Store
import Tree

extension Snapshot {
    /// The snapshot that stored entries make.
    ///
    /// - Parameter reserved: the certnames that only superusers give to machines.
    convenience init(
        revision: Int, entries: [Entry], records: TreeDictionary<EntryID, Record>, reach: Reach = Reach(),
        reserved: Set<String> = []
    ) {
        let tree = Hierarchy(entries.sorted { $0.path < $1.path })
        let inheritances = Inheritances()
        var index = Index(tree, inheritances)
        index.reserved = reserved
        self.init(
            revision: revision, tree: tree, records: records, index: index, inheritances: inheritances,
            policy: Policy(tree), reach: reach)
    }

    /// The snapshot of all that a store holds.
    convenience init(
        _ contents: StoredState, reach: Reach = Reach(), reserved: Set<String> = []
    ) throws(StoreError.Reason) {
        let records = try contents.records()
        self.init(
            revision: contents.revision, entries: contents.entries, records: records, reach: reach, reserved: reserved)
    }
}

extension StoredState {
    /// What is known of the machines of entries that are there.
    func records() throws(StoreError.Reason) -> TreeDictionary<EntryID, Record> {
        var records: TreeDictionary<EntryID, Record> = [:]
        let ids = machines.isEmpty ? [] : Set(entries.map(\.id))
        for (id, map) in machines where ids.contains(id) {
            do throws(RecordError) {
                records[id] = try Record(map)
            } catch {
                throw .damaged("table machine, row \"\(id)\", column record: \(error)")
            }
        }
        return records
    }

    /// Says why the service would not start with this; nil: nothing is in the way.
    public var obstacle: StoreError.Reason? {
        do throws(StoreError.Reason) {
            _ = try records()
            return nil
        } catch {
            return error
        }
    }
}

extension Index {
    /// The index of a tree that was checked when it was written: names clash nowhere.
    init(_ tree: Hierarchy, _ inheritances: Inheritances) {
        self.init()
        tree.root.walk { node in
            if node.entry.kind == .folder { try? insert(folder: node.entry.path) }
            insert(referencesOf: node.entry)
        }
        inheritances.remember(.root, in: tree)
        for (id, listing) in Listing.all(tree.batches(below: .root, inheritances)) { try? insert(listing, id) }
    }
}
