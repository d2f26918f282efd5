import ArgumentParser
import OrderedCollections
import Tree

struct SetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Change single keys of a definition.",
        discussion: """
            A value is a number, a boolean, or a list, map or quoted string of YAML; anything else is a text. A map is \
            merged into what is there, and {} empties it. On a folder, the change reaches every machine below. On a terminal, one that alters \
            more than a single machine's data is shown and asked for first.

            EXAMPLES
              headwater set /courses/so/alice/web hardware.memory=4GiB vars.role=web
              headwater set /courses/so vars.ntp_servers='[ntp1.lab, ntp2.lab]' vars.proxy-
              headwater set /courses/so/alice/web --unset vars.role
              headwater set / vars.ntp=ntp.lab --dry-run
            """)

    @Argument(help: "A machine or a folder.", transform: { try Target($0) })
    var path: Target

    @Argument(help: ArgumentHelp("What to set, or with a hyphen at its end, to remove.", valueName: "key=value"))
    var changes: [String] = []

    @Option(name: .customLong("unset"), help: ArgumentHelp("A key to remove.", valueName: "key"))
    var removals: [String] = []

    @OptionGroup var write: WriteOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let assignments = try changes.map { try Assignment($0) } + removals.map { try Assignment(removing: $0) }
        guard !assignments.isEmpty else {
            throw Failure("nothing to set: expected KEY=VALUE, KEY- or --unset KEY", status: Failure.usage)
        }
        let patch = try Assignment.patch(assignments)
        let client = try server.client()
        let before = try await definition(client)
        let answer = try await write.make(.patch(path, patch.emptying(before)), client, output)
        output.show(answer.value) {
            let after = answer.map["definition"] ?? [:]
            var lines = assignments.map { "\(path): \($0.outcome(.map(before), after))" }
            let pending = answer.map["pending"]?.list?.compactMap(\.string) ?? []
            if !pending.isEmpty { lines.append("pending: \(pending.joined(separator: ", "))") }
            return lines.joined(separator: "\n")
        }
    }

    private func definition(_ client: Client) async throws(Failure) -> Map {
        let document = try await client.get(.tree(path)).map
        guard case .entry = path else { return document }
        return document["definition"]?.map ?? [:]
    }
}
