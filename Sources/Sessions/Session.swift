/// Who has shown his password, and when.
public struct Session: Hashable, Sendable {
    /// The person's name.
    public let subject: String
    /// Which person of that name, by number: a name may be given away again.
    public let user: Int
    /// Which of the person's passwords was shown: a later one ends the sessions of an earlier one.
    public let generation: Int
    /// The rights that were asked for; nil for all that the person has.
    public let scope: [String]?
    /// When it began, in seconds since 1970-01-01T00:00:00Z.
    public let begins: Int
    /// When it ends, in seconds since 1970-01-01T00:00:00Z.
    public let ends: Int

    public init(subject: String, user: Int, generation: Int, scope: [String]? = nil, begins: Int, ends: Int) {
        self.subject = subject
        self.user = user
        self.generation = generation
        self.scope = scope
        self.begins = begins
        self.ends = ends
    }
}
