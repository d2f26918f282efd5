import ArgumentParser
import Formats
import OrderedCollections
import Tree

struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Write a directory of definitions to the tree, in one revision.",
        discussion: """
            A directory is a folder, common.yaml in it the folder's definition, any other NAME.yaml (.yml, .json) the \
            definition of the machine NAME. All is written or nothing. What the directory does not mention stays, unless \
            --prune removes it. A single file is written to the folder that --to names.

            A directory that `headwater export` made is merged, key by key, with what came to the tree since: what \
            others changed stays, and their changes are written to the directory. Where both changed a key, each to \
            something else, nothing is written and the keys are listed; write into the file what shall be, or say --ours.

            EXAMPLES
              headwater apply fixtures/faculty --to /
              headwater apply courses/so --to /courses/so --prune -m "groups of this term"
              headwater apply web.yaml --to /courses/so/alice
            """)

    @Argument(help: "A directory or a file.", completion: .file())
    var source: String

    @Option(
        help: ArgumentHelp("The folder that the directory is.", valueName: "path"), transform: { try Target($0).path })
    var to: Path

    @Flag(help: "Remove what stands below the folder and is not in the directory; machines must be destroyed before.")
    var prune = false

    @Flag(help: "Where the directory and the tree were both changed since the export, take the directory's.")
    var ours = false

    @OptionGroup var write: WriteOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let items = try read()
        let client = try server.client()
        var entries: [Value] = []
        let parents = Set(items.compactMap(\.path.parent))
        for item in items where try await isStated(item, parents, client) {
            entries.append([
                "path": .string("\(item.path)"), "kind": .string(item.kind.rawValue),
                "definition": .map(item.definition),
            ])
        }
        var body: Map = ["root": .string("\(to)"), "entries": .list(entries), "prune": .bool(prune)]
        let merging = try await Merging(source, to: to, client)
        if let merging { body.merge(["base": .integer(merging.base), "ours": .bool(ours)]) { $1 } }
        let answer: Answer
        do {
            answer = try await client.send(.post, Address(["v1", "apply"], write.query), .map(body))
        } catch {
            throw merging?.hinted(error) ?? error
        }
        let revision = answer.map["revision"]?.integer ?? 0
        let files = try await merging?.finish(answer.map["merged"]?.maps ?? [], revision, client) ?? []
        output.show(answer.value) {
            let count = { (name: String) in "\(answer.map[name]?.integer ?? 0) \(name)" }
            let counts = "\(count("created")), \(count("changed")), \(count("unchanged")) (revision \(revision))"
            let merged = files.map { "\($0), for what came since revision \(merging?.base ?? 0)" }
            return (merged + ["applied \(source) to \(to): \(counts)"]).joined(separator: "\n")
        }
    }

    private func read() throws(Failure) -> [FolderForm.Item] {
        let items: [FolderForm.Item]
        do {
            items = try FolderForm.read(source, at: to) { file in
                Terminal.say("note: \(file) is no definition and is left out")
            }
        } catch {
            guard error.faults.count > 1 else { throw Failure("\(error)") }
            throw Failure(
                "\(source) has \(error.faults.count) faults:",
                details: error.faults.map { "\($0.place): \($0.message)" })
        }
        guard !prune || items.contains(where: { $0.path == to && $0.kind == .folder }) else {
            throw Failure("--prune needs a directory; \(source) is a single file", status: Failure.usage)
        }
        return items
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
