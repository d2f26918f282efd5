import ArgumentParser

/// As of when something is asked for.
struct PastOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "As of a revision, or of a time such as 2026-11-17T08:00:00Z or 2026-11-17, which is its first moment in UTC.",
            valueName: "revision|time"))
    var at: String?
}
