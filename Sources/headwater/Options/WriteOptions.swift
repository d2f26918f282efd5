import ArgumentParser
import Tree

/// What goes with every change, and the making of it.
struct WriteOptions: ParsableArguments {
    @Flag(help: "Accept a change that breaks the definitions of machines.")
    var force = false

    @Option(name: [.short, .long], help: ArgumentHelp("Why, for the history.", valueName: "text"))
    var message: String?

    @Flag(
        name: .customLong("dry-run"),
        help: "Show what would change, and change nothing; exit status 0 nothing, 2 something, 1 any failure.")
    var isDryRun = false

    @Option(help: ArgumentHelp("Only if the change still does what this plan says.", valueName: "id"))
    var plan: String?

    @Flag(name: [.customShort("y"), .customLong("yes")], help: "Do not ask.")
    var isSure = false

    /// Makes a change, if it is not only to be shown; on a terminal, what has consequences is shown and asked for first.
    ///
    /// - Parameter asks: whether it is asked for whatever its consequences, and refused where nobody can be asked.
    func make(
        _ change: Change, _ client: Client, _ output: OutputOptions, asks: Bool = false
    ) async throws -> Answer {
        if isDryRun { try await client.foretell(change, isForced: force, output) }
        let accepted = try await accepted(change, client, asks: asks)
        let query: KeyValuePairs = ["force": force ? "true" : nil, "message": message, "plan": accepted]
        return try await client.send(change.method, change.address.adding(query), change.body, ifMatches: change.tag)
    }

    /// The plan that the change is held to; none if it was not looked at before.
    private func accepted(_ change: Change, _ client: Client, asks: Bool) async throws(Failure) -> String? {
        guard plan == nil, !isSure else { return plan }
        guard Terminal.canAsk else {
            guard !asks else { throw .unasked }
            return nil
        }
        let plan = try await client.plan(change)
        // What is refused is refused in the server's own words.
        guard plan.isValid || force, !plan.isEmpty, asks || plan.hasConsequences else { return plan.id }
        Terminal.say(PlanSummary(plan).text(.errors))
        guard Terminal.confirms("go ahead?") else { throw Failure("nothing was changed") }
        return plan.id
    }
}

extension Failure {
    /// Nobody is there to be asked.
    static let unasked = Failure(
        "this is shown and asked for before it is done, and there is no terminal to ask on",
        hint: "--yes does it at once; --dry-run shows what it would do, and --plan ID then does just that",
        status: Failure.usage)
}
