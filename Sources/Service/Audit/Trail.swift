import Access
import Store
import Synchronization
import Tree

/// What the audit log is to say of a request, until it has been said.
///
/// Whoever makes the change writes the row with it, in one transaction, and closes the trail; what is left open when the
/// request is answered is written then.
final class Trail: Sendable {
    private let entry: AuditEntry
    private let standing: Standing
    private let isWritten = Atomic(false)

    init(_ entry: AuditEntry, _ standing: Standing) {
        self.entry = entry
        self.standing = standing
    }

    /// The row for what is done, and by which right.
    ///
    /// - Parameter place: where, if the request does not say.
    func done(at place: Path? = nil) -> AuditEntry {
        var entry = entry
        entry.path = entry.path ?? place
        entry.grounds = entry.path.map(standing.grounds)
        return entry
    }

    /// The row for a request that was answered with this status and changed nothing.
    func refused(_ status: Int) -> AuditEntry {
        var entry = entry
        (entry.result, entry.status) = (.refused, status)
        return entry
    }

    /// The row has been written.
    func close() { isWritten.store(true, ordering: .relaxed) }

    var isClosed: Bool { isWritten.load(ordering: .relaxed) }
}

extension Standing {
    /// What gives the principal its rights at a place: `manager as @teachers from /courses`.
    func grounds(at path: Path) -> String {
        switch principal.authority {
        case .superuser: return "superuser"
        case .machine: return "machine"
        case .granted:
            return appointments(at: path).map { "\($0.role.rawValue) as \($0.name) from \($0.path)" }
                .joined(separator: "; ")
        }
    }
}
