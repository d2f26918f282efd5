public import Tree

/// A row of the audit log: who did what, or tried to.
///
/// It holds names and numbers only. What was written is in the revision; why something was refused may quote it, and so is
/// not kept.
public struct AuditEntry: Hashable, Sendable {
    public enum Result: String, Hashable, Sendable, CaseIterable {
        case done
        case refused
    }

    /// Numbered by the store from 1 upward, without gaps; 0 for one that was not stored yet.
    public internal(set) var number = 0
    /// In milliseconds since 1970-01-01T00:00:00Z.
    public var time: Int
    /// Who; nil for somebody who was not let in and claimed to be nobody known.
    public var principal: String?
    /// What he was let in by: `token 7`, `password`, `session`, `certificate`; nil for the daemon itself.
    public var key: String?
    /// The address that the request came from.
    public var address: String?
    /// What, in a word or two: `write`, `start`, `add token`.
    public var action: String
    /// The place in the tree: the deepest that holds all that was changed.
    public var path: Path?
    /// What it was about, where that has no place in the tree: the name of a user, the number of a token.
    public var subject: String?
    public var result: Result
    /// The status of the answer that refused it (RFC 9110 §15); nil for what was done.
    public var status: Int?
    /// The revision that it made.
    public internal(set) var revision: Int?
    /// The operation that it began.
    public internal(set) var operation: Int?
    /// What gave the right, such as `manager as @teachers from /courses`.
    public var grounds: String?
    /// How often, for attempts of strangers that came fast and are told as one.
    public var times: Int
    /// The BLAKE2b-256 of this row and the hash of the one before; empty for one that was not stored yet.
    public internal(set) var hash: [UInt8] = []

    public init(
        time: Int, principal: String?, key: String? = nil, address: String? = nil, action: String, path: Path? = nil,
        subject: String? = nil, result: Result = .done, status: Int? = nil, times: Int = 1
    ) {
        self.time = time
        self.principal = principal
        self.key = key
        self.address = address
        self.action = action
        self.path = path
        self.subject = subject
        self.result = result
        self.status = status
        self.times = times
    }
}

extension AuditEntry {
    /// The action of the row that says where the log was shortened.
    public static let shortening = AuditCut.action
}
