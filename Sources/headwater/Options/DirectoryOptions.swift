import ArgumentParser
import Formats
import OrderedCollections
import Tree

/// A directory of definitions, and the folder of the tree that it is.
struct DirectoryOptions: ParsableArguments {
    @Argument(help: "A directory or a file.", completion: .file())
    var source: String

    @Option(
        help: ArgumentHelp("The folder that the directory is.", valueName: "path"), transform: { try Target($0).path })
    var to: Path

    @Flag(help: "Remove what stands below the folder and is not in the directory; machines must be destroyed before.")
    var prune = false

    @Flag(help: "Where the directory and the tree were both changed since the export, take the directory's.")
    var ours = false

    /// How the directory is merged with what came to the tree since it was exported; nil if it was not.
    func merging(_ client: Client) async throws(Failure) -> Merging? {
        try await Merging(source, to: to, client)
    }

    /// The change that writes the directory to the tree.
    func change(_ client: Client, _ merging: Merging?) async throws(Failure) -> Change {
        let items = try read()
        var entries: [Value] = []
        let parents = Set(items.compactMap(\.path.parent))
        for item in items where try await isStated(item, parents, client) {
            entries.append([
                "path": .string("\(item.path)"), "kind": .string(item.kind.rawValue),
                "definition": .map(item.definition),
            ])
        }
        var body: Map = ["root": .string("\(to)"), "entries": .list(entries), "prune": .bool(prune)]
        if let merging { body.merge(["base": .integer(merging.base), "ours": .bool(ours)]) { $1 } }
        return .apply(body)
    }

    private func read() throws(Failure) -> [FolderForm.Item] {
        let items = try DirectoryOptions.read(source, at: to)
        guard !prune || items.contains(where: { $0.path == to && $0.kind == .folder }) else {
            throw Failure("--prune needs a directory; \(source) is a single file", status: Failure.usage)
        }
        return items
    }

    /// Reads a directory; says what in it is no definition.
    static func read(_ source: String, at path: Path) throws(Failure) -> [FolderForm.Item] {
        do {
            return try FolderForm.read(source, at: path) { file in
                Terminal.say("note: \(file) is no definition and is left out")
            }
        } catch {
            guard error.faults.count > 1 else { throw Failure("\(error)") }
            throw Failure(
                "\(source) has \(error.faults.count) faults:",
                details: error.faults.map { "\($0.place): \($0.message)" })
        }
    }

    /// Whether the directory says what an entry's definition is. A folder without a `common` file leaves the one in the
    /// tree as it is, unless the directory is to be all there is.
    private func isStated(
        _ item: FolderForm.Item, _ parents: Set<Path>, _ client: Client
    ) async throws(Failure) -> Bool {
        if item.file != nil || prune { return true }
        // The server makes the folders that what it writes stands in.
        if parents.contains(item.path) { return false }
        do {
            _ = try await client.get(.tree(.entry(item.path), ["fields": "path"]))
            return false
        } catch {
            guard error.answered == 404 else { throw error }
            return true
        }
    }
}
