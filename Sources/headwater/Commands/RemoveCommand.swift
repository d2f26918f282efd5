import ArgumentParser
import Tree

struct RemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Delete entries.",
        discussion: """
            A machine that has a VM is deleted with --destroy only, which removes the VM and its disks; a folder that \
            holds something with --recursive only.

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

    @OptionGroup var write: WriteOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try server.client()
        for path in paths {
            let query: KeyValuePairs<String, String?> = [
                "recursive": isRecursive ? "true" : nil, "destroy": destroy ? "true" : nil,
                "force": write.force ? "true" : nil, "message": write.message,
            ]
            do {
                _ = try await client.send(.delete, .tree(.entry(path), query))
            } catch {
                throw hinted(error)
            }
            print("deleted \(path)")
        }
    }

    /// What the server refuses for its state can be asked for with a flag.
    private func hinted(_ failure: Failure) -> Failure {
        guard failure.answered == 409, !isRecursive || !destroy else { return failure }
        var failure = failure
        failure.hint = "--recursive deletes what a folder holds, --destroy removes VMs and their disks first"
        return failure
    }
}
