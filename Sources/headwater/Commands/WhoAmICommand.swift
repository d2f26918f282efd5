import ArgumentParser
import Foundation
import OrderedCollections
import Tree

struct WhoAmICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami", abstract: "Show for whom the server takes you, and where the token came from.",
        discussion: """
            EXAMPLE
              headwater whoami
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try server.client()
        let answer = try await client.get(Address(["v1", "whoami"]))
        output.show(answer.value) {
            let isSuperuser = answer.map["superuser"]?.bool ?? false
            let bounds = answer.map["bounds"]?.map ?? [:]
            let groups = (answer.map["groups"]?.texts ?? []).map { "@" + $0 }
            let facts: [(String, String)] = [
                ("principal", (answer.map["principal"]?.string ?? "") + (isSuperuser ? " (superuser)" : "")),
                ("groups", groups.joined(separator: ", ")), ("bounds", TokensCommand.bounds(bounds)),
                ("ends", Time.shown(answer.map["expires"])), ("server", client.settings.url.absoluteString),
                ("token", client.settings.token?.origin ?? "none"),
            ]
            let rows = facts.filter { !$0.1.isEmpty }.map { [Cell($0.0), Cell($0.1)] }
            return Table(rows: rows).text(.output)
        }
    }
}
