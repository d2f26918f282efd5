import Access

/// Who asks for a change, and why.
struct Author: Sendable {
    let principal: Principal
    /// The address that the request came from.
    let address: String?
    /// In the principal's words.
    var message: String?
    /// What the audit log is to say of it; nil for what the daemon does by itself.
    var trail: Trail?
}
