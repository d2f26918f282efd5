/// How much of the audit log is kept.
public struct AuditRetention: Hashable, Sendable {
    /// How many rows, the newest ones.
    public var rows: Int
    /// For how long.
    public var days: Int

    public init(rows: Int = 1_000_000, days: Int = 365) {
        self.rows = rows
        self.days = days
    }
}
