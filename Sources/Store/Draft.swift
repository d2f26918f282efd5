/// A change set that is to become the next revision.
public struct Draft: Hashable, Sendable {
    /// Who asks for it.
    public var principal: String
    /// The address that the request came from.
    public var address: String?
    /// Why, in the principal's words.
    public var message: String?
    /// When, in milliseconds since 1970-01-01T00:00:00Z.
    public var time: Int
    /// What changes, in order.
    public var changes: [Change]
    /// What the audit log is to say of it; its revision is added.
    public var audit: AuditEntry?

    public init(
        principal: String, address: String? = nil, message: String? = nil, time: Int, changes: [Change],
        audit: AuditEntry? = nil
    ) {
        self.principal = principal
        self.address = address
        self.message = message
        self.time = time
        self.changes = changes
        self.audit = audit
    }
}
