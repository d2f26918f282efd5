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
        var failures: [Failure] = []
        for path in paths {
            do throws(Failure) {
                operations.append(
                    try await client.ask(
                        verb, path, selector: selector, keep: keep, keepDisks: keepDisks, grace: grace, forget: forget))
            } catch {
                failures.append(error)
                // What is refused at one path says nothing of the others; a server that does not answer is not asked again.
                if error.answered == nil { break }
            }
        }
        if isAsynchronous, !operations.isEmpty {
            show(operations) { "\($0.title): operation \($0.id) begins; headwater ops \($0.id) --wait" }
        } else if !operations.isEmpty {
            do throws(Failure) {
                try await Follower(client: client).finish(operations, output)
            } catch {
                failures.append(error)
            }
        }
        if let failure = Failure(merging: failures) { throw failure }
    }

    private func show(_ operations: [Operation], _ line: (Operation) -> String) {
        output.show(["operations": .list(operations.map { .map($0.map) })]) {
            operations.map(line).joined(separator: "\n")
        }
    }
}
