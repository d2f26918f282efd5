import ArgumentParser
import OrderedCollections
import Tree

struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List what a folder holds, or the machines that a selector means.",
        discussion: """
            A selector is written as Kubernetes writes them, over path, kind, certname, state, hypervisor and computed \
            values: state=running,vars.role in (web,db),!vars.proxy,path~/courses/*/web.

            EXAMPLES
              headwater ls /courses -l
              headwater ls --selector 'state=running,vars.role=web'
            """)

    @Argument(help: "A folder or a machine.", transform: { try Target($0).path })
    var path = Path.root

    @Flag(name: [.customShort("l"), .customLong("long")], help: "Show kind, state and certname too.")
    var isLong = false

    @Flag(name: [.customShort("R"), .customLong("recursive")], help: "List everything below.")
    var isRecursive = false

    @Option(name: [.short, .long], help: ArgumentHelp("Which machines below.", valueName: "selector"))
    var selector: String?

    @OptionGroup var past: PastOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try server.client()
        var entries: [Map] = []
        if isRecursive || selector != nil {
            entries = try await client.list(
                below: path, selector: selector, fields: ["path", "kind", "certname", "state"], at: past.at)
            // A folder is not among what it holds.
            entries.removeAll {
                selector == nil && Listing(map: $0).path == path.description && Listing(map: $0).isFolder
            }
        } else {
            let entry = try await client.get(.tree(.entry(path), ["at": past.at])).map
            entries = entry["children"]?.list?.compactMap(\.map) ?? [entry.filter { $0.key != "definition" }]
        }
        output.show(["entries": .list(entries.map(Value.map))]) { text(entries.map { Listing(map: $0) }) }
    }

    private func text(_ entries: [Listing]) -> String {
        let names = entries.map { entry in
            Cell(
                (entry.map["name"] == nil ? entry.path : entry.name) + (entry.isFolder ? "/" : ""),
                entry.isFolder ? .blue : .plain)
        }
        guard isLong else {
            return names.map { $0.style.apply($0.text, Terminal.output.hasColour) }.joined(separator: "\n")
        }
        let rows = zip(names, entries).map { name, entry in
            [name, Cell(entry.kind), .state(entry.state), Cell(entry.certname)]
        }
        return Table(header: ["NAME", "KIND", "STATE", "CERTNAME"], rows: rows).text(.output)
    }
}
