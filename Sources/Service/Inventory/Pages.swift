import Cascade
import Synchronization
import Tree
import Views

/// Keeps the pages of inventories within a bound, so that after a change only those are made anew that it reaches.
final class Pages: Sendable {
    fileprivate struct Key: Hashable {
        /// The first machine.
        let first: EntryID
        let which: Ansible.Variables
    }

    fileprivate struct Contents {
        var pages: [Key: Page] = [:]
        /// Of all of them.
        var bytes = 0
        /// How many there may be before those of machines that are gone are looked for.
        var room = Pages.fewest
        /// Those that were last asked for.
        var groups: Groups?
    }

    private let contents = Mutex(Contents())
    private let capacity: Int

    /// - Parameter capacity: in bytes; when it is used up, all are forgotten.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// The page of some machines.
    func page(_ which: Ansible.Variables, _ batch: Batch, in snapshot: Snapshot, _ changes: Changes) -> Page {
        let sources = Page.Sources(which, batch, in: snapshot)
        guard let first = batch.machines.first?.id else { return batch.page(sources, in: snapshot) }
        let key = Key(first: first, which: which)
        let known = contents.withLock { $0.pages[key] }
        if let known, known.sources.areSame(as: sources) { return known }
        let page =
            known?.renewed(from: sources, changes, isTarget: snapshot.index.isTarget)
            ?? batch.page(sources, in: snapshot, known?.roll)
        contents.withLock { contents in
            contents.bytes += page.size - (contents.pages[key]?.size ?? 0)
            if contents.bytes > capacity { contents = Contents(bytes: page.size) }
            contents.pages[key] = page
            if contents.pages.count > contents.room { contents.forget(goneFrom: snapshot) }
        }
        return page
    }

    /// So few pages are not worth a look.
    fileprivate static let fewest = 32
}

extension Pages.Contents {
    /// Forgets the pages of machines that are gone. It is done again when an eighth more are kept, so that machines which come
    /// and go take little, and the look at all pages is little beside the making of new ones.
    fileprivate mutating func forget(goneFrom snapshot: Snapshot) {
        pages = pages.filter { snapshot.index.certname(of: $0.key.first) != nil }
        bytes = pages.values.reduce(0) { $0 + $1.size }
        room = pages.count + max(pages.count / 8, Pages.fewest)
    }
}

extension Pages {
    /// The groups of these hosts, made anew only if these are others than the last time, or there are other folders.
    func groups(_ rolls: [Roll], _ folders: [Path]) -> Groups {
        if let known = contents.withLock({ $0.groups }), known.areMade(of: rolls, folders) { return known }
        let groups = Groups(rolls, folders)
        contents.withLock { $0.groups = groups }
        return groups
    }
}

extension Batch {
    /// The page of those of the machines that are meant, computed and written anew.
    ///
    /// - Parameter roll: who the hosts were.
    func page(
        _ sources: Page.Sources, in snapshot: Snapshot, _ roll: Roll? = nil,
        where isMeant: (Computed) -> Bool = { _ in true }
    ) -> Page {
        var writer = PageWriter(sources)
        forEach { entry, computed in
            guard isMeant(computed) else { return }
            guard computed.problems.isEmpty else { return writer.omit(computed.certname) }
            writer.append(entry, Subject(computed, Facts(snapshot.record(of: entry))))
        }
        return writer.page(roll)
    }
}
