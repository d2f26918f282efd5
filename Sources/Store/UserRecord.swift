/// What is kept of a person, or of a program that has an account.
public struct UserRecord: Hashable, Sendable, Identifiable {
    /// Numbered by the store from 1 upward, and never given twice; 0 for one that was not stored yet.
    public internal(set) var id: Int
    public let name: String
    /// The hash of the password, as text; nil if there is none, and so no way in with one.
    public var password: String?
    /// How often the password was changed or the user disabled. What was proved before that holds no more.
    public var generation: Int
    public var isSuperuser: Bool
    /// Whether nothing lets the user in.
    public var isDisabled: Bool
    /// In milliseconds since 1970-01-01T00:00:00Z.
    public let created: Int

    public init(
        id: Int = 0, name: String, password: String? = nil, generation: Int = 0, isSuperuser: Bool = false,
        isDisabled: Bool = false, created: Int
    ) {
        self.id = id
        self.name = name
        self.password = password
        self.generation = generation
        self.isSuperuser = isSuperuser
        self.isDisabled = isDisabled
        self.created = created
    }
}

extension UserRecord: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Without the password's hash.
    public var description: String { "UserRecord(\(id), \(name))" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
