import ArgumentParser

struct PillarCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pillar", abstract: "Show the pillar that Salt gets for a machine, or its top.",
        discussion: """
            EXAMPLES
              headwater pillar /courses/so/alice/web
              headwater pillar /courses/so/alice/web --top
            """)

    @Argument(help: "A minion's name, which is the certname, or a path.")
    var machine: String

    @Flag(help: "The states and the environment instead.")
    var top = false

    @OptionGroup var past: PastOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try server.client()
        let certname = try await client.certname(machine, at: past.at)
        let segments = top ? ["salt", "top", certname] : ["pillar", certname]
        let document = try await client.get(Address(segments, ["at": past.at])).value
        output.show(document) { Terminal.output.shown(document.json) }
    }
}
