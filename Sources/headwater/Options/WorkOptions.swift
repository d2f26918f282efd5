import ArgumentParser
import Tree

/// On which machines something is done, and the doing.
struct WorkOptions: ParsableArguments {
    @Argument(help: "Machines or folders.", transform: { try Path($0) })
    var paths: [Path]

    @Option(name: [.short, .long], help: ArgumentHelp("Which machines below a folder.", valueName: "selector"))
    var selector: String?

    @Flag(name: .customLong("no-wait"), help: "Do not wait until it is done.")
    var isAsynchronous = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run(
        _ verb: String, keep: Bool = false, keepDisks: Bool = false, grace: Int? = nil, forget: Bool = false
    ) async throws(Failure) {
        let client = try server.client()
        var operations: [Operation] = []
        for path in paths {
            operations.append(
                try await client.ask(
                    verb, path, selector: selector, keep: keep, keepDisks: keepDisks, grace: grace, forget: forget))
        }
        if isAsynchronous {
            show(operations) { "\($0.title): operation \($0.id) begins; headwater ops \($0.id) --wait" }
            return
        }
        try await Follower(client: client).finish(operations, output, tells: forget)
    }

    private func show(_ operations: [Operation], _ line: (Operation) -> String) {
        output.show(["operations": .list(operations.map { .map($0.map) })]) {
            operations.map(line).joined(separator: "\n")
        }
    }
}
