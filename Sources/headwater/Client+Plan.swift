import ArgumentParser
import Tree

extension Client {
    /// Asks what a change would do.
    ///
    /// - Parameters:
    ///   - limit: how many entries and groups of machines to tell of.
    ///   - names: how many machines of a group to name.
    func plan(_ change: Change, limit: Int = 50, names: Int = Plan.names) async throws(Failure) -> Plan {
        let address = Address(["v1", "plan"], ["limit": String(limit), "names": String(names)])
        return Plan(map: try await send(.post, address, change.plan).map)
    }

    /// Shows what a change would do, and ends the program: with 0 if nothing changes, 2 if something does, 1 if the
    /// change would be refused.
    ///
    /// - Parameter view: the document whose differences to show in place of those of the definitions.
    func foretell(
        _ change: Change, isForced: Bool, _ output: OutputOptions, as view: ToolDocument? = nil
    ) async throws -> Never {
        let plan =
            output.format == .table
            ? try await plan(change) : try await plan(change, limit: 100_000, names: 100_000)
        output.show(.map(plan.map)) { PlanSummary(plan).text(.output, as: view) }
        guard plan.isValid || isForced else { throw plan.refusal }
        throw plan.isEmpty ? ExitCode.success : ExitCode.changes
    }
}

extension ExitCode {
    /// What was asked about is not the same before and after.
    static let changes = ExitCode(2)
}
