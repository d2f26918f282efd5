import Cascade
import HashTreeCollections
import OrderedCollections
import Store
import Tree

extension Index {
    /// The index of the tree that an edit makes.
    ///
    /// Every machine that the edit touches is computed and checked. Names that clash are always refused; machines that
    /// the edit newly breaks are, unless it is forced.
    ///
    /// - Parameters:
    ///   - isSlight: whether the edit can change nothing here of machines that are sound.
    ///   - limit: is asked before each few machines are computed.
    func updated(
        by edit: Edit, _ inheritances: Inheritances, isSlight: Bool, isForced: Bool, until limit: WorkLimit? = nil
    ) throws(ServiceError) -> Index {
        var index = self
        for entry in edit.removed { index.takeOut(entry) }
        for entry in edit.written.values { index.insert(referencesOf: entry) }

        let tops = edit.tops
        let batches = tops.flatMap { place in
            isSlight ? broken(below: place, edit, inheritances) : edit.tree.batches(below: place, inheritances)
        }
        for place in isSlight ? [] : tops { inheritances.remember(place, in: edit.tree) }
        let listings = try Listing.all(batches, until: limit)
        if !isForced { try refuseNewlyBroken(listings) }

        let changed = listings.filter { id, listing in index.listings[id] != listing }
        try refuseNames(changed, of: edit)
        for (id, _) in changed { index.remove(id) }
        do {
            let folders = edit.folders.sorted()
            for path in folders { index.remove(folder: path) }
            for path in folders { try index.insert(folder: path) }
            for (id, listing) in changed { try index.insert(listing, id) }
        } catch {
            throw .clash(error)
        }
        return index
    }

    private func broken(below place: Path, _ edit: Edit, _ inheritances: Inheritances) -> [Batch] {
        broken.values.filter { place.contains($0.path) }.flatMap { edit.tree.batches(below: $0.path, inheritances) }
    }

    private mutating func takeOut(_ entry: Entry) {
        remove(referencesOf: entry)
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

extension Index.Listing {
    /// The listings of machines, in their order.
    static func all(
        _ batches: [Batch], until limit: WorkLimit?
    ) throws(ServiceError) -> [(id: EntryID, listing: Index.Listing)] {
        try batches.parallelMap(until: limit) { run in run.flatMap(\.listings) }.flatMap { $0 }
    }

    /// The same, however long it takes.
    static func all(_ batches: [Batch]) -> [(id: EntryID, listing: Index.Listing)] {
        batches.parallelMap { run in run.flatMap(\.listings) }.flatMap { $0 }
    }
}

extension Batch {
    /// The listings of its machines, most of which need not be computed for it.
    fileprivate var listings: [(id: EntryID, listing: Index.Listing)] {
        let entries = entries
        var siblings = Siblings(inheritance)
        var shared: [ObjectIdentifier: Index.Traits] = [:]
        func traits(_ layer: Layer) -> Index.Traits {
            guard entries.count > 1, let exemplar = siblings.exemplar(for: layer, sharing: Index.Traits.keys)
            else { return Index.Traits(siblings.compute(layer)) }
            if let known = shared[ObjectIdentifier(exemplar)] { return known }
            let traits = Index.Traits(exemplar.computed)
            shared[ObjectIdentifier(exemplar)] = traits
            return traits
        }
        return entries.map { ($0.id, Index.Listing(path: $0.path, traits: traits($0.layer))) }
    }
}

extension Edit {
    /// Of the places where something was written those that no folder among them is above.
    var tops: [Path] {
        let folders = folders
        guard !folders.contains(.root) else { return [.root] }
        return written.values.map(\.path).filter { path in
            !sequence(first: path, next: \.parent).dropFirst().contains(where: folders.contains)
        }.sorted()
    }

    /// The folders whose common was written.
    fileprivate var folders: Set<Path> { Set(written.values.lazy.filter { $0.kind == .folder }.map(\.path)) }
}
