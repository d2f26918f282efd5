public import Tree

/// Every revision of the tree: what it is now, what it was, and what changed it.
public protocol TreeStore: Sendable {
    /// Makes the next revisions, one of each draft, all or none: several cost one wait for the disk.
    ///
    /// An entry may be changed once in a draft. Two entries may exchange their paths; after the last change every path
    /// must be unique, or the draft is refused.
    func commit(_ drafts: [Draft]) throws(StoreError) -> [Revision]

    /// The oldest revision whose tree is kept; of later ones it is known what they changed, too. 0 until ``compact``
    /// moves it on.
    func horizon() throws(StoreError) -> Int

    /// Deletes the changes that no revision from `horizon` on needs: the trees before it, and the changes up to it, can no
    /// longer be read. The numbers, authors and messages of all revisions stay.
    ///
    /// The horizon moves at once and never back; what lies behind it goes in steps of `limit` changes, so that others
    /// can write in between and nothing is lost if it breaks off.
    /// - Returns: how many changes went; 0 once all is done.
    func compact(to horizon: Int, limit: Int) throws(StoreError) -> Int

    /// The newest revision that was made by a time, in milliseconds since 1970; nil if there was none yet.
    func revision(by time: Int) throws(StoreError) -> Int?

    /// The tree as of a revision, sorted by path. Before the first revision it is empty; a revision that is still to
    /// come reads as the newest.
    func entries(at revision: Int) throws(StoreError) -> [Entry]

    /// One revision; nil if there is none of that number.
    func revision(_ number: Int) throws(StoreError) -> Revision?

    /// Up to `limit` revisions older than `before`, or the newest ones; newest first.
    func revisions(before: Int?, limit: Int) throws(StoreError) -> [Revision]

    /// Up to `limit` revisions older than `before`, newest first, that changed the entry at `path` or one below it: one that
    /// stands there now, wherever it stood then, or one that stood there then.
    func revisions(of path: Path, before: Int?, limit: Int) throws(StoreError) -> [Revision]

    /// The numbers of the revisions from `first` up to the one before `end` that changed an entry at one of the paths,
    /// or removed it; newest first.
    func revisions(at paths: [Path], from first: Int, before end: Int, limit: Int) throws(StoreError) -> [Int]

    /// The entry that stood at a path as of a revision, if it has not moved away or been removed since it was written.
    func entry(at path: Path, as revision: Int) throws(StoreError) -> Entry?

    /// Where an entry stood: one item for each revision that changed it, oldest first.
    func moves(of id: EntryID) throws(StoreError) -> [Move]

    /// The versions of an entry up to a revision, one for each revision that wrote it, newest first.
    func versions(of id: EntryID, upTo revision: Int, limit: Int) throws(StoreError) -> [Entry]

    /// The entries that a revision changed or removed, as they were before; what it made is not among them.
    func entries(before revision: Int) throws(StoreError) -> [EntryID: Entry]

    /// The changes that a revision made, in the order of its draft; empty if there is no such revision.
    func changes(of revision: Int) throws(StoreError) -> [Change]

    /// Where each entry that a revision changed stood before, and stands after it.
    func places(of revision: Int) throws(StoreError) -> [EntryID: Set<Path>]
}

extension TreeStore {
    /// Makes the next revision of all the draft's changes, or of none.
    public func commit(_ draft: Draft) throws(StoreError) -> Revision {
        guard let revision = try commit([draft]).first else {
            throw StoreError(store: "the store", .failed("it made no revision of a draft"))
        }
        return revision
    }
}
