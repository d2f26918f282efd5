/// A group of users, whom `access` names together.
public struct GroupRecord: Hashable, Sendable, Identifiable {
    /// Numbered by the store from 1 upward; 0 for one that was not stored yet.
    public internal(set) var id: Int
    /// Without the `@` by which `access` knows it.
    public let name: String
    /// The names of its users, sorted.
    public var members: [String]
    /// In milliseconds since 1970-01-01T00:00:00Z.
    public let created: Int

    public init(id: Int = 0, name: String, members: [String] = [], created: Int) {
        self.id = id
        self.name = name
        self.members = members
        self.created = created
    }
}
