import ArgumentParser
import OrderedCollections
import Tree

struct RevertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revert", abstract: "Undo a revision by a new one.",
        discussion: """
            Key by key: what was changed elsewhere since stays. Where something later is in the way, nothing is changed \
            and it is named.

            EXAMPLES
              headwater revert 41 --dry-run
              headwater revert 41 -m "the exam is over"
            """)

    @Argument(help: "The number of a revision.")
    var revision: Int

    @OptionGroup var write: WriteOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let document = try await write.make(.revert(revision), try server.client(), output).value
        output.show(document) { RevisionSummary(document.map ?? [:]).text(.output) }
    }
}
