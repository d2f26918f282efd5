import ArgumentParser
import OrderedCollections
import Tree

struct OperationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ops", abstract: "List operations, newest first, or show, follow or cancel some.",
        discussion: """
            EXAMPLES
              headwater ops --open
              headwater ops --state failed --path /courses/so
              headwater ops 17
              headwater ops 17 --wait
              headwater ops 17 18 --cancel
            """)

    @Argument(help: "The numbers of operations.")
    var ids: [Int] = []

    @Flag(help: "Wait until they have ended.")
    var wait = false

    @Flag(help: "Give up what of them has not begun, and what waits for a hypervisor.")
    var cancel = false

    @Flag(help: "List only those that have not ended.")
    var open = false

    @Option(
        help: ArgumentHelp(
            "List only those in these states: queued, running, done, failed, cancelled.", valueName: "state,state"))
    var state: String?

    @Option(
        help: ArgumentHelp("List only those on this entry or below it.", valueName: "path"), transform: { try Path($0) }
    )
    var path: Path?

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("How many to list.", valueName: "number"))
    var limit = 20

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func validate() throws {
        if ids.isEmpty, wait || cancel {
            throw ValidationError(
                "--wait and --cancel need the number of an operation, such as: headwater ops 17 --wait")
        }
        if !ids.isEmpty, open || state != nil || path != nil {
            throw ValidationError(
                "--open, --state and --path choose what is listed; an operation is named by its number")
        }
        if open, state != nil { throw ValidationError("expected --open or --state, not both") }
    }

    func run() async throws {
        let client = try server.client()
        guard !ids.isEmpty else { return try await list(client) }
        var operations: [Operation] = []
        for id in ids {
            if cancel { _ = try await client.send(.delete, Address(["v1", "operations", String(id)])) }
            operations.append(try await client.operation(id))
        }
        if wait { return try await Follower(client: client).finish(operations, output) }
        var texts: [String] = []
        for operation in operations {
            let parts = try await client.parts(of: operation, in: ["queued", "running", "failed", "cancelled"])
            texts.append(OperationSummary(operation: operation, parts: parts).text(.output))
        }
        let documents = operations.map { Value.map($0.map) }
        output.show(documents.count == 1 ? documents[0] : ["operations": .list(documents)]) {
            texts.joined(separator: "\n\n")
        }
    }

    private func list(_ client: Client) async throws(Failure) {
        let document = try await client.get(
            Address(
                ["v1", "operations"],
                [
                    "limit": String(limit), "state": open ? "queued,running" : state,
                    "path": path.map { "\($0)" },
                ])
        ).value
        output.show(document) {
            let operations = (document.map?["operations"]?.maps ?? []).map(Operation.init)
            guard !operations.isEmpty else { return "" }
            return Table(
                header: ["ID", "VERB", "PATH", "STATE", "DONE", "CREATED", "BY", "NOTE"], rows: operations.map(\.row)
            ).text(.output)
        }
    }
}

extension Operation {
    fileprivate var row: [Cell] {
        [
            Cell(String(id)), Cell(verb), Cell(path), .state(state), Cell("\(done)/\(total)"),
            // To the second.
            Cell(String(created.prefix(19))), Cell(principal), Cell(note),
        ]
    }
}
