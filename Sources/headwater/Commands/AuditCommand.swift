import ArgumentParser
import Foundation
import OrderedCollections
import Tree

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Show who did what, or tried to, oldest first.",
        discussion: """
            Superusers see all; others what happens where they may grant rights, and what they did themselves. What a \
            revision changed is shown by headwater history.

            EXAMPLES
              headwater audit
              headwater audit /courses/so --principal jana
              headwater audit --refused --since 2026-11-01T00:00:00Z
              headwater audit --follow
            """)

    @Argument(help: "Only at this entry or below it.", transform: { try Path($0) })
    var path: Path?

    @Option(help: ArgumentHelp("Only by this user, token's owner or machine.", valueName: "name"))
    var principal: String?

    @Flag(help: "Only what was refused.")
    var refused = false

    @Option(help: ArgumentHelp("Only from this time on.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("Only before this time.", valueName: "time"))
    var until: String?

    @Option(help: ArgumentHelp("Only rows with a smaller number.", valueName: "number"))
    var before: Int?

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("How many, the newest.", valueName: "number"))
    var limit = 50

    @Flag(name: .shortAndLong, help: "Go on with what comes, until Ctrl-C.")
    var follow = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func validate() throws {
        if follow, until != nil || before != nil {
            throw ValidationError("--follow goes on with what comes; --until and --before look back")
        }
    }

    func run() async throws {
        let interruption = follow ? Interruption() : nil
        defer { interruption?.end() }
        let client = try server.client()
        let answer = try await rows(client, before: before.map(String.init), limit: limit)
        let newest = answer["entries"]?.maps ?? []
        show(Array(newest.reversed()), answer["next"]?.integer, isFirst: true)
        guard follow else { return }
        fflush(nil)
        var last = newest.first?["number"]?.integer ?? 0
        if newest.isEmpty { last = try await newestNumber(client) }
        while true {
            let answer = try await rows(client, after: String(last), limit: 1_000, wait: "30")
            let entries = answer["entries"]?.maps ?? []
            last = answer["next"]?.integer ?? entries.last?["number"]?.integer ?? last
            show(entries, nil, isFirst: false)
            fflush(nil)
        }
    }

    /// The number of the newest row that is seen, whatever is asked for.
    private func newestNumber(_ client: Client) async throws(Failure) -> Int {
        let answer = try await client.get(Address(["v1", "audit"], ["limit": "1"]))
        return answer.map["entries"]?.list?.first?.map?["number"]?.integer ?? 0
    }

    private func rows(
        _ client: Client, before: String? = nil, after: String? = nil, limit: Int, wait: String? = nil
    ) async throws(Failure) -> Map {
        try await client.get(
            Address(
                ["v1", "audit"],
                [
                    "path": path.map { "\($0)" }, "principal": principal, "result": refused ? "refused" : nil,
                    "since": since, "until": until, "before": before, "after": after, "limit": String(limit),
                    "wait": wait,
                ])
        ).map
    }

    private func show(_ entries: [Map], _ next: Int?, isFirst: Bool) {
        guard output.format == .table else {
            // One document for what there is, then one for each row that comes.
            if isFirst { return output.show(["entries": .list(entries.map(Value.map))]) { "" } }
            for entry in entries { output.show(.map(entry)) { "" } }
            return
        }
        guard !entries.isEmpty else { return }
        Terminal.print(Table(header: isFirst ? Self.header : [], rows: entries.map(AuditSummary.row)).text(.output))
        if let next, isFirst {
            Terminal.print(Style.dim.apply("older ones: --before \(next)", Terminal.output.hasColour))
        }
    }

    private static let header = ["ROW", "TIME (UTC)", "WHO", "FROM", "WHAT", "RESULT"]
}
