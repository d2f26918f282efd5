import ArgumentParser
import OrderedCollections
import Tree

struct NewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Write descriptors of new machines, one or many alike, in one revision.",
        discussion: """
            A path may count: '/lab/web-{001..040}' is forty machines. All are written, or none if one is wrong or exists \
            already. Folders that are missing are made. Values are as with set. The machines are made on their hypervisors \
            by create.

            EXAMPLES
              headwater new /lab/web --prototype web
              headwater new '/lab/web-{001..040}' --prototype web hardware.memory=2GiB
              headwater new '/courses/so/group-{1..9}' --folder vars.term=fall
            """)

    @Argument(
        help: ArgumentHelp(
            "Paths, which begin with a slash and may count, and what to set on each.", valueName: "path or key=value"))
    var arguments: [String]

    @Option(
        name: [.short, .customLong("prototype")], help: ArgumentHelp("What they are made after.", valueName: "name"))
    var prototypes: [String] = []

    @Flag(help: "Make folders, not machines.")
    var folder = false

    @OptionGroup var write: WriteOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let paths = arguments.filter { $0.hasPrefix("/") }
        if let bare = arguments.first(where: { !$0.hasPrefix("/") && $0.contains("/") && !$0.contains("=") }) {
            throw Failure("\"\(bare)\": a path begins with a slash; expected /\(bare)", status: Failure.usage)
        }
        let assignments = try arguments.filter { !$0.hasPrefix("/") }.map { try Assignment($0) }
        let definition = try Self.definition(assignments, prototypes)
        guard !paths.isEmpty else {
            throw Failure("expected the path of what is to be made, such as /lab/web", status: Failure.usage)
        }
        let kind = folder ? Kind.folder : .vm
        let entries = paths.map { path -> Value in
            ["path": .string(path), "kind": .string(kind.rawValue), "definition": .map(definition)]
        }
        let change = Change.apply(["entries": .list(entries), "new": true])
        let answer = try await write.make(change, try server.client(), output)
        output.show(answer.value) {
            // Each is new; folders that are made for them do not count.
            let count = answer.map["entries"]?.integer ?? 0
            let noun = folder ? (count == 1 ? "folder" : "folders") : (count == 1 ? "machine" : "machines")
            return "\(count) new \(noun) (revision \(answer.map["revision"]?.integer ?? 0))"
        }
    }

    /// What each of them holds.
    static func definition(_ assignments: [Assignment], _ prototypes: [String]) throws(Failure) -> Map {
        if let removal = assignments.first(where: { $0.value == nil }) {
            throw Failure(
                "\(removal.key): what is new has nothing to remove; expected KEY=VALUE", status: Failure.usage)
        }
        var definition = try Assignment.patch(assignments)
        guard let first = prototypes.first else { return definition }
        guard definition["prototype"] == nil else {
            throw Failure(
                "prototype is given twice: expected --prototype or prototype=, not both", status: Failure.usage)
        }
        definition["prototype"] = prototypes.count == 1 ? .string(first) : .list(prototypes.map(Value.string))
        return definition
    }
}
