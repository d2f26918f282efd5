import ArgumentParser
import OrderedCollections
import Tree

struct TokensCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens", abstract: "What lets programs in, as you or narrower.",
        discussion: """
            EXAMPLES
              headwater tokens
              headwater tokens add --reader --folder /courses/so > /etc/headwater/token
              headwater tokens rm 7
            """,
        subcommands: [List.self, Add.self, Remove.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List your tokens; as a superuser everybody's.")

        @OptionGroup var output: OutputOptions
        @OptionGroup var server: ServerOptions

        func run() async throws {
            let answer = try await server.client().get(Address(["v1", "tokens"]))
            output.show(answer.value) {
                let tokens = answer.map["tokens"]?.maps ?? []
                guard !tokens.isEmpty else { return "" }
                let rows = tokens.map { token in
                    [
                        Cell(String(token["id"]?.integer ?? 0)), Cell(token["owner"]?.string ?? ""),
                        Cell(TokensCommand.bounds(token)), Cell(Time.shown(token["expires"])),
                        Cell(Time.shown(token["used"])), Cell(token["note"]?.string ?? ""),
                    ]
                }
                return Table(header: ["ID", "OWNER", "BOUNDS", "ENDS (UTC)", "USED (UTC)", "NOTE"], rows: rows)
                    .text(.output)
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "rm", abstract: "Revoke tokens, at once.")

        @Argument(help: "The numbers of tokens.")
        var ids: [Int]

        @OptionGroup var server: ServerOptions

        func run() async throws {
            let client = try server.client()
            for id in ids {
                _ = try await client.send(.delete, Address(["v1", "tokens", String(id)]))
                Terminal.print("revoked token \(id)")
            }
        }
    }

    /// What narrows a token: `/courses/so: view, start`.
    static func bounds(_ token: Map) -> String {
        let place = token["certname"]?.string ?? token["folder"]?.string
        let rights = (token["rights"]?.texts ?? []).joined(separator: ", ")
        return [place, rights.isEmpty ? nil : rights].compactMap { $0 }.joined(separator: ": ")
    }
}
