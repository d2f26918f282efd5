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
        try proposal.refuseDefinitions(deeperThan: parts.options.depth)
        let plan = isHeld ? nil : try plan()
        let isForced = try flag("force")
        var author = author
        author.message = author.message ?? message
        let make: @Sendable (Snapshot, inout Edit) throws(ServiceError) -> Void = { before, edit throws(ServiceError) in
            try check(before)
            try proposal.make(of: before, &edit)
        }
        do throws(ServiceError) {
            var foretold: Write.Foretold?
            if let plan { foretold = try hold(plan, isForced: isForced, make) }
            return try await parts.writer.write(author, isForced: isForced, plan: foretold, make)
        } catch {
            throw told(error)
        }
    }

    /// Holds a change against its plan beside the writer, which has others to serve. The writer does it again only if what the
    /// change begins from is another tree by then; so it is tried a few times where many write.
    private func hold(
        _ plan: PlanID, isForced: Bool, _ make: (Snapshot, inout Edit) throws(ServiceError) -> Void
    ) throws(ServiceError) -> Write.Foretold {
        let limit = WorkLimit(parts.options.longestAnswer)
        var held = 0
        for _ in 0..<3 where parts.current.generation != held {
            let snapshot = parts.current.snapshot
            let trial = try Trial(snapshot, principal, isForced: isForced, until: limit, make)
            try plan.require(trial, until: limit)
            held = snapshot.generation
        }
        return Write.Foretold(plan: plan, generation: held)
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
