import ArgumentParser
import OrderedCollections
import Tree

struct OperationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ops", abstract: "List operations, newest first, or show or follow one.",
        discussion: """
            EXAMPLES
              headwater ops
              headwater ops 17
              headwater ops 17 --wait
            """)

    @Argument(help: "The number of an operation.")
    var id: Int?

    @Flag(help: "Wait until it has ended.")
    var wait = false

    @Flag(help: "Give up what of it has not begun.")
    var cancel = false

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("How many to list.", valueName: "number"))
    var limit = 20

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func validate() throws {
        if id == nil, wait || cancel {
            throw ValidationError(
                "--wait and --cancel need the number of an operation, such as: headwater ops 17 --wait")
        }
    }

    func run() async throws {
        let client = try server.client()
        guard let id else { return try await list(client) }
        if cancel { _ = try await client.send(.delete, Address(["v1", "operations", String(id)])) }
        let operation = try await client.operation(id)
        if wait { return try await Follower(client: client).finish([operation], output) }
        let parts = operation.total > 1 ? try await client.parts(of: operation) : []
        output.show(.map(operation.map)) { OperationSummary(operation: operation, parts: parts).text(.output) }
    }

    private func list(_ client: Client) async throws(Failure) {
        let document = try await client.get(Address(["v1", "operations"], ["limit": String(limit)])).value
        output.show(document) {
            let operations = (document.map?["operations"]?.list ?? []).compactMap(\.map).map(Operation.init)
            let rows = operations.map { operation in
                [
                    Cell(String(operation.id)), Cell(operation.verb), Cell(operation.path), .state(operation.state),
                    Cell("\(operation.done)/\(operation.total)"), Cell(operation.created), Cell(operation.principal),
                ]
            }
            guard !rows.isEmpty else { return "" }
            return Table(header: ["ID", "VERB", "PATH", "STATE", "DONE", "CREATED", "BY"], rows: rows).text(.output)
        }
    }
}
