import ArgumentParser
import Formats
import Foundation
import OrderedCollections
import Tree

struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Show what happens, as it happens, until Ctrl-C.",
        discussion: """
            Revisions of the tree, states of machines, and operations. A connection that is lost is made again, and goes on \
            where it was; what cannot be told any more is said by a line "reset".

            EXAMPLES
              headwater events
              headwater events /courses/so --kinds state
              headwater events --since 41 -o json | jq .data.path
            """)

    @Argument(help: "Only of this machine, or of this folder and all below it.", transform: { try Path($0) })
    var path: Path?

    @Option(help: ArgumentHelp("Also what followed this revision.", valueName: "revision"))
    var since: Int?

    @Option(help: ArgumentHelp("Only these, of revision, state and operation.", valueName: "kind,…"))
    var kinds: String?

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: "How to print: a line for people, a line of JSON, or a document of YAML for each.")
    var format = OutputFormat.table

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let query: KeyValuePairs<String, String?> = [
            "folder": path?.description, "since": since.map(String.init), "kinds": kinds,
        ]
        let interruption = Interruption()
        defer { interruption.end() }
        var listener = Listener(client: try server.client(), address: Address(["v1", "events"], query))
        try await listener.listen { event in
            Terminal.print(text(event))
            // Each as it comes, to whatever it is printed.
            fflush(nil)
        }
    }

    private func text(_ event: Event) -> String {
        let document: Value = [
            "event": .string(event.name), "id": .string(event.id), "data": .map(event.map),
        ]
        return switch format {
        case .table: EventSummary(event).text(.output)
        case .json: Terminal.output.shown(String(decoding: JSON.encode(document), as: UTF8.self))
        case .yaml: "---\n" + Terminal.output.shown(document.yaml.trimmingCharacters(in: .newlines))
        }
    }
}
