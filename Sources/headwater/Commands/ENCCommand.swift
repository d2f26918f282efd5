import ArgumentParser

struct ENCCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enc", abstract: "Show what Puppet's node classifier gets for a machine.",
        discussion: """
            EXAMPLES
              headwater enc web.alice.so.courses.lab.example
              headwater enc /courses/so/alice/web -o yaml
              headwater enc /courses/so/alice/web --at 2026-11-17T08:00:00Z
            """)

    @Argument(help: "A certname or a path.")
    var machine: String

    @OptionGroup var past: PastOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try server.client()
        let document = try await client.get(Address(["enc", client.certname(machine, at: past.at)], ["at": past.at]))
            .value
        output.show(document) { Terminal.output.shown(document.json) }
    }
}
