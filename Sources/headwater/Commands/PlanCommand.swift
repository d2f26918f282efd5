import ArgumentParser
import Tree

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what applying a directory would change, and change nothing.",
        discussion: """
            The entries that change; the machines whose data does, those together to which the same happens; which come to \
            wait for a start or a rebuild; which break. The last line has the plan's id: `headwater apply --plan ID` does \
            what the plan says, or nothing.

            Every other change is planned with --dry-run: headwater set, edit, new, cp, mv, rm, revert.

            EXAMPLES
              headwater plan courses/so --to /courses/so
              headwater plan courses/so --to /courses/so --as hiera
              headwater plan . --to / --prune -o json

            EXIT STATUS
              0 nothing changes, 2 something does, 1 it would be refused, or any other failure.
            """)

    @OptionGroup var directory: DirectoryOptions

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp("Show the differences in a document instead.", valueName: "document"))
    var view: ToolDocument?

    @Flag(help: "Take a change that breaks the definitions of machines for one that can be made.")
    var force = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try server.client()
        let merging = try await directory.merging(client)
        do {
            try await client.foretell(directory.change(client, merging), isForced: force, output, as: view)
        } catch let failure as Failure {
            throw merging?.hinted(failure) ?? failure
        }
    }
}
