import ArgumentParser
import OrderedCollections
import Tree

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Show where a machine's values come from, and why there is none.",
        discussion: """
            Without a key: every value with the level that gives it. With one: what it overrode, how lists were joined, \
            where references lead, and who wrote each level last. Of a folder: what it hands down.

            EXAMPLES
              headwater explain /courses/so/alice/web
              headwater explain /courses/so/alice/web vars.ntp_servers
              headwater explain /courses/so/alice/web --as enc
              headwater explain /courses/so/alice/web vars.proxy --at 41
              headwater explain /courses/so/alice/web --blame
            """)

    @Argument(help: "A machine or a folder.", transform: { try Target($0).path })
    var path: Path

    @Argument(help: "A key, such as vars.ntp.", transform: { try DottedPath($0) })
    var key: DottedPath?

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp("Also what this tool sees: enc, hiera, ansible or pillar.", valueName: "tool"))
    var tool: String?

    @Flag(help: "Show the definition line by line with the revision that gave each value, its author and day.")
    var blame = false

    @OptionGroup var past: PastOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let address = Address(
            ["v1", "explain"] + (path.isRoot ? [""] : path.segments),
            ["key": key?.description, "as": tool, "blame": blame ? "true" : nil, "at": past.at])
        let document = try await server.client().get(address).value
        output.show(document) {
            if blame { return BlameSummary(document.map ?? [:]).text(.output) }
            let explanation = ExplainSummary(document.map ?? [:])
            return key == nil ? explanation.table(.output) : explanation.trees(.output)
        }
    }
}
