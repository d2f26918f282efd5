import Cascade
import HashTreeCollections
import Tree

extension Index {
    /// The index of the tree that an edit makes.
    ///
    /// Every machine that the edit touches is computed and checked. Names that clash are always refused; machines that
    /// the edit newly breaks are, unless it is forced.
    func updated(
        by edit: Edit, _ inheritances: Inheritances, isForced: Bool
    ) throws(ServiceError) -> Index {
        var index = self
        for entry in edit.removed { index.takeOut(entry) }

        var listings: [(id: EntryID, listing: Listing)] = []
        for place in edit.touched.tops(in: edit.tree) {
            edit.tree.forEachMachine(below: place, inheritances) { entry, inheritance in
                listings.append((entry.id, Listing(inheritance.compute(entry.layer))))
            }
        }
        if !isForced { try refuseNewlyBroken(listings) }

        for (id, _) in listings { index.remove(id) }
        do {
            let folders = edit.touched.sorted().filter { edit.tree[$0]?.entry.kind == .folder }
            for path in folders { index.remove(folder: path) }
            for path in folders { try index.insert(folder: path) }
            for (id, listing) in listings { try index.insert(listing, id) }
        } catch {
            throw .clash(error)
        }
        return index
    }

    private mutating func takeOut(_ entry: Entry) {
        switch entry.kind {
        case .folder: remove(folder: entry.path)
        case .vm: remove(entry.id)
        }
    }

    private func refuseNewlyBroken(_ updates: [(id: EntryID, listing: Listing)]) throws(ServiceError) {
        let newlyBroken = updates.filter { !$0.listing.problems.isEmpty && broken[$0.id] == nil }
        guard newlyBroken.isEmpty else {
            throw .breaks(newlyBroken.compactMap(\.listing.problems.first), machines: newlyBroken.count)
        }
    }
}

extension Set<Path> {
    /// Of these paths those that no folder among them is above.
    func tops(in tree: Hierarchy) -> [Path] {
        var tops: [Path] = []
        for path in sorted() {
            if let last = tops.last, last.contains(path), tree[last]?.entry.kind == .folder { continue }
            tops.append(path)
        }
        return tops
    }
}
