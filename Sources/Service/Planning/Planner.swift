import Access
import Tree

/// Makes plans on a thread of its own, one after the other: one that reaches every machine takes its time.
actor Planner {
    private let thread = SerialThread("headwater.planner")

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// The plan of a change to a snapshot, machines that it would break included.
    func plan(
        _ proposal: Proposal, of snapshot: Snapshot, by principal: Principal, names: Int
    ) throws(ServiceError) -> Plan {
        let trial = try Trial(snapshot, principal, isForced: true) { before, edit throws(ServiceError) in
            try proposal.make(of: before, &edit)
        }
        return Plan(trial, names: names)
    }
}
