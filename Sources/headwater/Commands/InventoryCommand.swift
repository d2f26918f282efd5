import ArgumentParser
import Tree

struct InventoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inventory", abstract: "Show the inventory that Ansible gets, or the variables of one host.",
        discussion: """
            EXAMPLES
              headwater inventory --folder /courses/so --selector state=running
              headwater inventory --host /courses/so/alice/web
            """)

    @Option(help: ArgumentHelp("One host's variables: a certname or a path.", valueName: "machine"))
    var host: String?

    @Option(help: ArgumentHelp("Only the machines below.", valueName: "path"), transform: { try Path($0) })
    var folder: Path?

    @Option(name: [.short, .long], help: ArgumentHelp("Which machines.", valueName: "selector"))
    var selector: String?

    @Option(help: ArgumentHelp("Which variables: all, connection or none.", valueName: "set"))
    var vars: String?

    @OptionGroup var past: PastOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func validate() throws {
        if host != nil, folder != nil || selector != nil {
            throw ValidationError("--host means one machine; expected it without --folder and --selector")
        }
    }

    func run() async throws {
        let client = try server.client()
        let answer =
            if let host {
                try await client.get(
                    Address(["ansible", "hosts", client.certname(host, at: past.at)], ["vars": vars, "at": past.at]))
            } else {
                try await client.get(
                    Address(
                        ["ansible"], ["folder": folder?.description, "selector": selector, "vars": vars, "at": past.at])
                )
            }
        if let warning = answer.warning { Terminal.say("warning: \(Terminal.printable(warning))") }
        output.show(answer.value) { Terminal.output.shown(answer.value.json) }
    }
}
