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
public protocol StateStore: TreeStore, MachineStore, OperationStore, AccountStore, AuditStore {
    /// The store, as people know it: a database's file.
    var name: String { get }

    /// All that the daemon holds in memory.
    func load() throws(StoreError) -> StoredState

    /// Why a write could not be made now: the last one could not, or there is no room left; nil: nothing stands in the way.
    var trouble: StoreError.Reason? { get }

    /// Writes something that changes nothing, to find out whether that is possible.
    func tryWriting() throws(StoreError)

    /// Waits for calls under way and ends the store; calls that come later fail.
    func close() throws(StoreError)
}
