import ArgumentParser
import OrderedCollections
import Tree

struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "List accepted changes, newest first, or show one.",
        discussion: """
            Of an entry: what changed it or anything below it. With --machine: what changed the data that the machine gets, \
            wherever in the tree it was changed.

            EXAMPLES
              headwater history
              headwater history /courses/so
              headwater history /courses/so/alice/web --machine
              headwater history 41
            """)

    @Argument(help: ArgumentHelp("An entry, or the number of a revision.", valueName: "path|revision"))
    var subject: String?

    @Flag(help: "What changed the data of the machine at the path.")
    var machine = false

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("How many to list.", valueName: "number"))
    var limit = 20

    @Option(help: ArgumentHelp("Only those with a smaller number.", valueName: "revision"))
    var before: Int?

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try server.client()
        if let subject, let number = Int(subject) {
            let document = try await client.get(Address(["v1", "revisions", String(number)])).value
            return output.show(document) { RevisionSummary(document.map ?? [:]).text(.output) }
        }
        let path = try subject.map { try Target($0).path }
        let query: KeyValuePairs<String, String?> = [
            "path": path?.description, "machine": machine ? "true" : nil, "limit": String(limit),
            "before": before.map(String.init),
        ]
        let document = try await client.get(Address(["v1", "revisions"], query)).value
        output.show(document) { text(document.map ?? [:]) }
    }

    private func text(_ document: Map) -> String {
        let revisions = document["revisions"]?.maps ?? []
        guard !revisions.isEmpty else { return "" }
        let rows = revisions.map { revision in
            [
                Cell("r\(revision["number"]?.integer ?? 0)", .yellow),
                Cell(revision["time"]?.string.map { RevisionSummary.time($0) } ?? "", .dim),
                Cell(revision["principal"]?.string ?? ""), Cell(String(revision["entries"]?.integer ?? 0)),
                Cell(machine ? effect(revision) : revision["message"]?.string ?? ""),
            ]
        }
        let header = ["REVISION", "TIME (UTC)", "BY", "ENTRIES", machine ? "EFFECT" : "MESSAGE"]
        let table = Table(header: header, rows: rows).text(.output)
        let notes = [
            document["next"]?.integer.map { "older ones: --before \($0)" },
            document["oldest"]?.integer.map { "what came before r\($0) is compacted" },
        ].compactMap { $0 }
        return ([table] + notes.map { Style.dim.apply($0, Terminal.output.hasColour) }).joined(separator: "\n")
    }

    /// What became of the machine's data: `vars.ntp, +vars.x, -vars.y and 7 more`.
    private func effect(_ revision: Map) -> String {
        let keys = (revision["differences"]?.maps ?? []).map { difference in
            let sign = difference["before"] == nil ? "+" : difference["after"] == nil ? "-" : ""
            return sign + (difference["key"]?.string ?? "")
        }
        let more = keys.count > 5 ? " and \(keys.count - 4) more" : ""
        return keys.prefix(more.isEmpty ? 5 : 4).joined(separator: ", ") + more
    }
}
