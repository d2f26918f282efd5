import ArgumentParser
import Tree

struct RemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Delete entries.",
        discussion: """
            A machine that has a VM is deleted with --destroy only, which removes the VM and its disks; a folder that \
            holds something with --recursive only; the root itself always stays. On a terminal, either is shown and asked for first.

            EXAMPLES
              headwater rm /courses/so/alice/web
              headwater rm /courses/so --recursive --destroy
            """)

    @Argument(help: "Machines or folders.", transform: { try Path($0) })
    var paths: [Path]

    @Flag(name: [.customShort("r"), .customLong("recursive")], help: "Delete folders with all that they hold.")
    var isRecursive = false

    @Flag(help: "Destroy the VMs and their disks first.")
    var destroy = false

    @Flag(help: .forget)
    var forget = false

    @OptionGroup var write: WriteOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try server.client()
        guard paths.count == 1 || !write.isDryRun && write.plan == nil else {
            throw Failure(
                "a plan is that of one change: expected one path with --dry-run or --plan, found \(paths.count)",
                status: Failure.usage)
        }
        var deleted: [Value] = []
        for path in paths {
            let names = path.isRoot ? try await belowRoot(client) : ["\(path)"]
            let change = Change.delete(path, isRecursive: isRecursive, destroys: destroy || forget, forgets: forget)
            do {
                _ = try await write.make(change, client, output)
            } catch let failure as Failure {
                throw hinted(failure)
            }
            deleted += names.map(Value.string)
            if output.format == .table {
                Terminal.print(
                    names.isEmpty ? "nothing is below /" : names.map { "deleted \($0)" }.joined(separator: "\n"))
            }
            if destroy || forget, !write.isDryRun, output.format == .table,
                let operation = try await client.newestOperation(at: path)
            {
                for line in try await Follower(client: client).ends(of: operation) { Terminal.print("  \(line)") }
            }
        }
        output.show(["deleted": .list(deleted)]) { "" }
    }

    /// What is deleted of the root, which itself stays.
    private func belowRoot(_ client: Client) async throws(Failure) -> [String] {
        let root = try await client.get(.tree(.entry(.root), ["fields": "children"]))
        return (root.map["children"]?.maps ?? []).map { "/" + Listing(map: $0).name }
    }

    /// What the server refuses for its state can be asked for with a flag.
    private func hinted(_ failure: Failure) -> Failure {
        guard failure.answered == 409, !isRecursive || !destroy else { return failure }
        var failure = failure
        failure.hint = "--recursive deletes what a folder holds, --destroy removes VMs and their disks first"
        return failure
    }
}
