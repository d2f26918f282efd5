/// The audit log.
public protocol AuditStore: Sendable {
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
}
