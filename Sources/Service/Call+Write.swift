import HTTP
import Tree

extension Call {
    /// Makes a change, as the queries of the request have it.
    ///
    /// - Parameters:
    ///   - message: why, if the request does not say.
    ///   - isHeld: whether the change was held to its plan already.
    ///   - check: what else must be so of the tree that the change begins from.
    func write(
        _ proposal: Proposal, message: String? = nil, isHeld: Bool = false,
        _ check: @escaping @Sendable (Snapshot) throws(ServiceError) -> Void = { _ in }
    ) async throws(ServiceError) -> Writer.Written {
        let plan = isHeld ? nil : try plan()
        let isForced = try flag("force")
        var author = author
        author.message = author.message ?? message
        do {
            return try await parts.writer.write(author, isForced: isForced, plan: plan) {
                before, edit throws(ServiceError) in
                try check(before)
                try proposal.make(of: before, &edit)
            }
        } catch {
            throw told(error)
        }
    }

    /// Refuses what is refused of a change, and what its plan does not say, before anything is done.
    func hold(_ proposal: Proposal) throws(ServiceError) {
        let plan = try plan()
        let isForced = try flag("force")
        do throws(ServiceError) {
            let trial = try Trial(snapshot, principal, isForced: isForced) { before, edit throws(ServiceError) in
                try proposal.make(of: before, &edit)
            }
            try plan?.require(trial)
        } catch {
            throw told(error)
        }
    }

    private func plan() throws(ServiceError) -> PlanID? {
        try head.query("plan").map { text throws(ServiceError) in try PlanID(text) }
    }

    /// Of a plan that no longer holds says what came in between.
    private func told(_ error: ServiceError) -> ServiceError {
        guard case .outdated(var outdated) = error else { return error }
        outdated.lookUp(in: parts.store, hindsight)
        return .outdated(outdated)
    }
}
