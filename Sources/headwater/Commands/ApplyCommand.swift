import ArgumentParser
import OrderedCollections
import Tree

struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Write a directory of definitions to the tree, in one revision.",
        discussion: """
            A directory is a folder, common.yaml in it the folder's definition, any other NAME.yaml (.yml, .json) the \
            definition of the machine NAME. All is written or nothing. What the directory does not mention stays, unless \
            --prune removes it. A single file is written to the folder that --to names.

            On a terminal, what would change is shown and asked for first; elsewhere --yes or --plan says that it is meant.

            EXAMPLES
              headwater apply fixtures/faculty --to /
              headwater apply courses/so --to /courses/so --prune --yes -m "groups of this term"
              headwater apply web.yaml --to /courses/so/alice --plan 41-9f86d081884c7d65
            """)

    @OptionGroup var directory: DirectoryOptions
    @OptionGroup var write: WriteOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try server.client()
        let answer = try await write.make(try await directory.change(client), client, output, asks: true)
        output.show(answer.value) {
            let count = { (name: String) in "\(answer.map[name]?.integer ?? 0) \(name)" }
            return "applied \(directory.source) to \(directory.to): "
                + "\(count("created")), \(count("changed")), \(count("unchanged"))"
                + " (revision \(answer.map["revision"]?.integer ?? 0))"
        }
    }
}
