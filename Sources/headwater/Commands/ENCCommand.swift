import ArgumentParser

struct ENCCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enc", abstract: "Show what Puppet's node classifier gets for a machine.",
        discussion: """
            EXAMPLES
              headwater enc web.alice.so.courses.lab.example
              headwater enc /courses/so/alice/web -o yaml
            """)

    @Argument(help: "A certname or a path.")
    var machine: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try server.client()
        let document = try await client.get(Address(["enc", client.certname(machine)])).value
        output.show(document) { document.json }
    }
}
