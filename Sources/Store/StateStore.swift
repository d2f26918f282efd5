public import Tree

/// What Headwater keeps: every revision of the tree, what is known of its machines, operations, users and tokens.
///
/// The store gives and takes plain values. It guards what a database can guard (order, uniqueness, durability) and
/// leaves the meaning of definitions and records to its callers. ``SQLiteStore`` keeps them in one file.
///
/// - Imports: Tree, Formats (definitions are kept as JSON), Secrets (for hashes of the audit log), and a database library that no signature shows.
/// - Errors: ``StoreError`` only, with the store's name, what is wrong and what to do. A call that fails has changed
///   nothing, and the store can be used further.
/// - Concurrency: every call blocks until it is done and may come from any thread. Writes happen one after the other,
///   reads beside them. A write that returned is on disk.
/// - Not for: answering what is current (the service holds that in memory), checking definitions, keeping secrets.
public protocol StateStore: Sendable {
    /// The store, as people know it: a database's file.
    var name: String { get }

    /// All that the daemon holds in memory.
    func load() throws(StoreError) -> Contents

    /// Makes the next revisions, one of each draft, all or none: several cost one wait for the disk.
    ///
    /// An entry may be changed once in a draft. Two entries may exchange their paths; after the last change every path
    /// must be unique, or the draft is refused.
    func commit(_ drafts: [Draft]) throws(StoreError) -> [Revision]

    /// The oldest revision whose tree is kept; of later ones it is known what they changed, too. 0 until ``compact``
    /// moves it on.
    func horizon() throws(StoreError) -> Int

    /// Lets go of what no revision from `horizon` on needs, so that the trees before it, and what changed up to it,
    /// cannot be told any more. The numbers, authors and messages of all revisions stay.
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

    /// The same, of those revisions only that changed the entry at `path` or one below it: one that stands there now,
    /// wherever it stood then, or one that stood there then.
    func revisions(of path: Path, before: Int?, limit: Int) throws(StoreError) -> [Revision]

    /// The numbers of the revisions from `first` up to the one before `end` that changed an entry at one of the paths,
    /// or removed it; newest first.
    func revisions(at paths: [Path], from first: Int, before end: Int, limit: Int) throws(StoreError) -> [Int]

    /// The entry that stood at a path as of a revision, if it has not moved away or been removed since it was written.
    func entry(at path: Path, as revision: Int) throws(StoreError) -> Entry?

    /// Where an entry stood: one item for each revision that changed it, oldest first.
    func moves(of id: EntryID) throws(StoreError) -> [Move]

    /// What an entry was up to a revision: one for each revision that wrote it, newest first.
    func versions(of id: EntryID, upTo revision: Int, limit: Int) throws(StoreError) -> [Entry]

    /// The entries that a revision changed or removed, as they were before; what it made is not among them.
    func entries(before revision: Int) throws(StoreError) -> [EntryID: Entry]

    /// What a revision changed, in the order of its draft; empty if there is no such revision.
    func changes(of revision: Int) throws(StoreError) -> [Change]

    /// Where each entry that a revision changed stood before, and stands after it.
    func places(of revision: Int) throws(StoreError) -> [EntryID: Set<Path>]

    /// Records what is known of an entry's machine, in place of what was recorded before.
    ///
    /// The record may outlive the entry: a machine can be left behind when its descriptor is reverted away.
    func save(machine record: Map, of id: EntryID) throws(StoreError)

    /// Forgets an entry's machine; nothing happens if none is recorded.
    func removeMachine(of id: EntryID) throws(StoreError)

    /// Adds an operation and those that it consists of, all or none, with their numbers given by the store.
    ///
    /// - Returns: the operation as stored, then its children in their order. The ids given are not read.
    func insert(
        _ operation: Operation, children: [Operation], audit: AuditEntry?
    ) throws(StoreError) -> [Operation]

    /// Writes what may change in operations: state, build, progress, steps, error, start and end; all or none.
    func save(_ operations: [Operation]) throws(StoreError)

    /// One operation; nil if there is none of that number.
    func operation(_ id: Int) throws(StoreError) -> Operation?

    /// Up to `limit` operations with a number below `before`, or the newest ones; newest first.
    ///
    /// - Parameter parent: the operation that they are part of; nil for those that stand alone.
    func operations(of parent: Int?, before: Int?, limit: Int) throws(StoreError) -> [Operation]

    /// Forgets, with their parts, up to `limit` of the operations that ended before a time (in milliseconds since 1970)
    /// or that are older than the newest `count`. One that has not ended stays.
    ///
    /// - Returns: how many were forgotten, their parts not counted.
    func prune(endedBefore time: Int, keeping count: Int, limit: Int) throws(StoreError) -> Int

    /// Puts rows at the end of the audit log, with their numbers and hashes given by the store.
    ///
    /// Calls that take an `audit` do so with it, in the same transaction, and add to it what it is about.
    func append(_ entries: [AuditEntry]) throws(StoreError)

    /// Rows of the audit log.
    func audit(_ query: AuditQuery) throws(StoreError) -> [AuditEntry]

    /// Forgets up to `limit` of the audit log's oldest rows: those of before a time (in milliseconds since 1970), and
    /// those beyond the newest `count`. The log itself says so.
    ///
    /// - Parameter entry: the row that says so, without what it is about.
    /// - Returns: how many were forgotten.
    func shortenAudit(
        before time: Int, keeping count: Int, limit: Int, as entry: AuditEntry
    ) throws(StoreError) -> Int

    /// All users, oldest first.
    func users() throws(StoreError) -> [UserRecord]

    /// Adds a user, with its number given by the store. A name can be there once.
    func add(_ user: UserRecord, audit: AuditEntry?) throws(StoreError) -> UserRecord

    /// Writes what may change in a user: password, generation, whether superuser, whether disabled. The tokens of one who is
    /// disabled are forgotten.
    func save(_ user: UserRecord, audit: AuditEntry?) throws(StoreError)

    /// Forgets a user, his tokens and his place in groups; false if there was none of that number.
    func removeUser(_ id: Int, audit: AuditEntry?) throws(StoreError) -> Bool

    /// All groups, oldest first.
    func groups() throws(StoreError) -> [GroupRecord]

    /// Adds a group, with its number given by the store. A name can be there once.
    func add(_ group: GroupRecord, audit: AuditEntry?) throws(StoreError) -> GroupRecord

    /// Writes a group's members.
    func save(_ group: GroupRecord, audit: AuditEntry?) throws(StoreError)

    /// Forgets a group; false if there was none of that number.
    func removeGroup(_ id: Int, audit: AuditEntry?) throws(StoreError) -> Bool

    /// All tokens, oldest first.
    func tokens() throws(StoreError) -> [TokenRecord]

    /// Adds a token, with its number given by the store. A hash can be there once.
    func add(_ token: TokenRecord, audit: AuditEntry?) throws(StoreError) -> TokenRecord

    /// Writes when tokens were last used, in milliseconds since 1970-01-01T00:00:00Z, by their numbers.
    func save(uses: [Int: Int]) throws(StoreError)

    /// Forgets a token; false if there was none of that number.
    func removeToken(_ id: Int, audit: AuditEntry?) throws(StoreError) -> Bool

    /// Why a write could not be made now: the last one could not, or there is no room left; nil: nothing stands in the way.
    var trouble: StoreError.Reason? { get }

    /// Writes something that changes nothing, to find out whether that is possible.
    func tryWriting() throws(StoreError)

    /// Waits for calls under way and ends the store; calls that come later fail.
    func close() throws(StoreError)
}

extension StateStore {
    /// Makes the next revision of all the draft's changes, or of none.
    public func commit(_ draft: Draft) throws(StoreError) -> Revision {
        guard let revision = try commit([draft]).first else {
            throw StoreError(store: "the store", .failed("it made no revision of a draft"))
        }
        return revision
    }

    /// Adds an operation without children.
    public func insert(_ operation: Operation, audit: AuditEntry? = nil) throws(StoreError) -> Operation {
        try insert(operation, children: [], audit: audit).first ?? operation
    }

    /// Adds an operation of which the audit log says nothing.
    public func insert(_ operation: Operation, children: [Operation]) throws(StoreError) -> [Operation] {
        try insert(operation, children: children, audit: nil)
    }

    /// Writes what may change in an operation.
    public func save(_ operation: Operation) throws(StoreError) {
        try save([operation])
    }
}
