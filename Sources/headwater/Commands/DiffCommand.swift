import ArgumentParser
import Formats
import OrderedCollections
import Tree

struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Show what is different between two revisions, or a revision and a directory.",
        discussion: """
            A time, such as 2026-11-17T08:00:00Z, stands for the revision of then. Without a second one, or a directory, the \
            newest is compared with. Of a machine, --as shows what became \
            of its computed definition, or of what a tool is told. `headwater plan` shows what a directory would change.

            EXAMPLES
              headwater diff 41
              headwater diff 41 43 /courses/so
              headwater diff 2026-11-17 /courses/so
              headwater diff 41 /courses/so/alice/web --as computed
              headwater diff 41 /courses/so --with courses/so

            EXIT STATUS
              0 nothing is different, 2 something is, 1 any failure.
            """)

    @Argument(help: ArgumentHelp("One or two revisions, then an entry; default: /.", valueName: "revision or path"))
    var arguments: [String] = []

    @Option(
        help: ArgumentHelp("Compare with what this directory says of the path.", valueName: "directory"),
        completion: .directory)
    var with: String?

    @Option(
        name: .customLong("as"), help: ArgumentHelp("Compare what is told of a machine.", valueName: "document"))
    var view: MachineDocument?

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let revisions = try self.revisions()
        let path = try arguments.last.flatMap { $0.hasPrefix("/") ? try Target($0).path : nil } ?? .root
        let client = try server.client()
        var document: Map = ["path": .string("\(path)")]
        document["from"] = revisions.first.map(Value.string)
        document["to"] = revisions.dropFirst().first.map(Value.string)
        let isDifferent: Bool
        if let view {
            let (old, new) = try await (
                view.of(path, at: revisions.first, client), view.of(path, at: revisions.dropFirst().first, client)
            )
            let differences = view.differences(from: old, to: new)
            document["differences"] = .list(differences.map(\.document))
            isDifferent = !differences.isEmpty
        } else {
            let changes = try await changes(of: path, revisions, client)
            document["changes"] = .list(changes.map(Value.map))
            isDifferent = !changes.isEmpty
        }
        output.show(.map(document)) { DiffCommand.text(document, Terminal.output.hasColour) }
        throw isDifferent ? ExitCode.changes : ExitCode.success
    }

    private func changes(of path: Path, _ revisions: [String], _ client: Client) async throws(Failure) -> [Map] {
        let old = try await Content(below: path, at: revisions.first, client)
        let new =
            if let with {
                Content(directory: try DirectoryOptions.read(with, at: path), over: old)
            } else {
                try await Content(below: path, at: revisions.dropFirst().first, client)
            }
        guard !old.isEmpty || !new.isEmpty else { throw Failure("\(path) is in neither of the two") }
        return old.changes(to: new)
    }

    private static func text(_ document: Map, _ hasColour: Bool) -> String {
        let lines =
            (document["changes"]?.maps ?? []).flatMap { ChangeSummary($0).lines(hasColour) }
            + ChangeSummary.lines(document["differences"]?.maps ?? [], hasColour)
        return lines.joined(separator: "\n")
    }

    /// The arguments before the path, as far as they make sense.
    private func revisions() throws(Failure) -> [String] {
        let revisions = Array(arguments.prefix { !$0.hasPrefix("/") })
        if arguments.count > revisions.count + 1 {
            throw Failure(
                "expected revisions, then one path; found \(arguments.joined(separator: " "))", status: Failure.usage)
        }
        if let other = revisions.first(where: { !($0.first?.isNumber ?? false) }) {
            throw Failure(
                "\"\(other)\": expected a revision or a time, or a path, which begins with a slash",
                hint: "a directory is compared with by --with \(other)", status: Failure.usage)
        }
        let most = with == nil ? 2 : 1
        guard revisions.count <= most, with != nil || !revisions.isEmpty, with == nil || view == nil else {
            throw Failure(
                "expected one or two revisions, or --with a directory and at most one revision",
                hint: "headwater diff 41 shows what is different since revision 41; --as compares revisions only",
                status: Failure.usage)
        }
        return revisions
    }
}
