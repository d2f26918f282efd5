import ArgumentParser

struct HieraCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hiera", abstract: "Show the Hiera data that Puppet gets for a machine, or one key of it.",
        discussion: """
            EXAMPLES
              headwater hiera /courses/so/alice/web
              headwater hiera /courses/so/alice/web profile::ssh::port
            """)

    @Argument(help: "A certname or a path.")
    var machine: String

    @Argument(help: "A key, as Hiera names it.")
    var key: String?

    @OptionGroup var past: PastOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try server.client()
        let certname = try await client.certname(machine, at: past.at)
        let document = try await client.get(Address(["hiera", certname] + (key.map { [$0] } ?? []), ["at": past.at]))
            .value
        output.show(document) { Terminal.output.shown(document.json) }
    }
}
