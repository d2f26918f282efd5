import ArgumentParser
import OrderedCollections
import Tree

struct TreeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tree", abstract: "Draw a branch of the tree with the states of its machines.",
        discussion: """
            EXAMPLES
              headwater tree /
              headwater tree /courses --levels 2
              headwater tree / --selector state=failed
            """)

    @Argument(help: "A folder.", transform: { try Target($0).path })
    var path = Path.root

    @Option(name: [.customShort("L"), .long], help: ArgumentHelp("How deep to draw.", valueName: "number"))
    var levels: Int?

    @Option(name: [.short, .long], help: ArgumentHelp("Which machines.", valueName: "selector"))
    var selector: String?

    @OptionGroup var past: PastOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let entries = try await server.client().list(
            below: path, selector: selector, fields: ["path", "kind", "certname", "state"], at: past.at)
        output.show(["entries": .list(entries.map(Value.map))]) {
            let picture = TreePicture(root: path, entries: entries.map { Listing(map: $0) })
            return picture.lines(
                levels: levels, Terminal.output.hasColour, isUnicode: Terminal.output.hasUnicode
            ).joined(separator: "\n") + "\n\n"
                + picture.sum
        }
    }
}
