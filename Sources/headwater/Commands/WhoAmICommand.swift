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
            let rows: [[Cell]] = [
                ["principal", Cell((answer.map["principal"]?.string ?? "") + (isSuperuser ? " (superuser)" : ""))],
                ["server", Cell(client.settings.url.absoluteString)],
                ["token", Cell(client.settings.token?.origin ?? "none")],
            ]
            return Table(rows: rows).text(.output)
        }
    }
}
