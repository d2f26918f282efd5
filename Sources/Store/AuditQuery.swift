public import Tree

/// Which rows of the audit log are asked for.
public struct AuditQuery: Hashable, Sendable {
    /// At this entry, or at one below it.
    public var path: Path?
    public var principal: String?
    public var result: AuditEntry.Result?
    /// Not before this, in milliseconds since 1970-01-01T00:00:00Z.
    public var since: Int?
    /// Before this, in milliseconds since 1970-01-01T00:00:00Z.
    public var until: Int?
    /// With a number below this, newest first.
    public var before: Int?
    /// With a number above this, oldest first; goes before `before`.
    public var after: Int?
    public var limit: Int

    public init(limit: Int) {
        self.limit = limit
    }
}
