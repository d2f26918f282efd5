import Access
import OrderedCollections
import Store
import Tree

/// A change that waits for the writer, and whom to tell what became of it.
struct Write: Sendable {
    let author: Author
    /// Whether to accept that machines become broken.
    let isForced: Bool
    /// What the change is to do; anything else is refused.
    let plan: Foretold?
    /// Gets the snapshot that the edit begins from, for its preconditions.
    let make: @Sendable (Snapshot, inout Edit) throws(ServiceError) -> Void
    let whenDone: CheckedContinuation<Result<Writer.Written, ServiceError>, Never>

    /// A plan that a change was held against.
    struct Foretold: Sendable {
        let plan: PlanID
        /// Of the snapshot that the change began from then.
        let generation: Int
    }

    /// The change as it would be made of a snapshot, checked.
    func trial(of before: Snapshot, until limit: WorkLimit) throws(ServiceError) -> Trial {
        let trial = try Trial(before, author.principal, isForced: isForced, until: limit, make)
        if let plan, plan.generation != before.generation { try plan.plan.require(trial, until: limit) }
        return trial
    }

    /// What the store is to keep of it; nil if it changes nothing.
    func draft(of edit: Edit) -> Draft? {
        guard !edit.changes.isEmpty else { return nil }
        return Draft(
            principal: author.principal.name, address: author.address, message: author.message, time: Clock.now,
            changes: edit.changes.values.elements, audit: audit(of: edit))
    }

    /// What the audit log is to say of a change: it stands at the deepest place that holds all that changes.
    private func audit(of edit: Edit) -> AuditEntry {
        var place: Path?
        for change in edit.changes.values where place?.isRoot != true {
            place = place.map { $0.ancestor(with: change.path) } ?? change.path
        }
        return author.trail?.done(at: place)
            ?? AuditEntry(time: Clock.now, principal: author.principal.name, action: "write", path: place)
    }
}
