public import Tree

/// All that the daemon holds in memory, as of one moment.
public struct StoredState: Sendable {
    /// The newest revision; 0 before the first.
    public var revision: Int
    /// The current tree, sorted by path.
    public var entries: [Entry]
    /// What is known of machines, by the entry that they belong to.
    public var machines: [EntryID: Map]
    /// The operations that have not ended, oldest first.
    public var operations: [Operation]
    /// Those of ``operations`` after which another one was begun on the same machine, with the number of the newest. Such a
    /// one had ended, and its end was not stored.
    public var overtaken: [Int: Int]
    /// All tokens, oldest first.
    public var tokens: [TokenRecord]
    /// All users, oldest first.
    public var users: [UserRecord]
    /// All groups, oldest first.
    public var groups: [GroupRecord]

    public init(
        revision: Int = 0, entries: [Entry] = [], machines: [EntryID: Map] = [:], operations: [Operation] = [],
        overtaken: [Int: Int] = [:], tokens: [TokenRecord] = [], users: [UserRecord] = [], groups: [GroupRecord] = []
    ) {
        self.revision = revision
        self.entries = entries
        self.machines = machines
        self.operations = operations
        self.overtaken = overtaken
        self.tokens = tokens
        self.users = users
        self.groups = groups
    }
}
