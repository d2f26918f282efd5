import ArgumentParser
import Formats
import OrderedCollections
import Tree

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a branch of the tree to a directory.",
        discussion: """
            The inverse of apply. A directory that holds files already is brought up to date: a file that says the same \
            stays as it is with its comments, one that differs is replaced, none is deleted. A file .headwater in it says \
            from which revision it comes, so that apply can merge what comes to the tree meanwhile.

            EXAMPLES
              headwater export /courses/so so
              headwater export / backup
              headwater export / before-the-exam --at 2026-11-17T08:00:00Z
            """)

    @Argument(help: "A folder or a machine.", transform: { try Target($0).path })
    var path: Path

    @Argument(help: "The directory; made if it does not exist.", completion: .directory)
    var directory: String

    @OptionGroup var past: PastOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try server.client()
        let top = try await client.get(.tree(.entry(path), ["fields": "kind", "at": past.at]))
        guard let revision = top.revision else {
            throw Failure("the server did not say which revision it answers from")
        }
        // All pages from one revision, however the tree changes meanwhile.
        let entries = try await client.list(
            below: path, fields: ["path", "kind", "definition"], at: String(revision))
        let items = try entries.map { entry throws(Failure) in try FolderForm.Item(entry: entry) }
        let report = try Failure.wrapping { () throws(FolderFormError) in
            try FolderForm.write(items, below: path, to: directory)
        }
        if Listing(map: top.map).isFolder { try await Merging.note(path, revision, in: directory, client) }
        let document: Value = [
            "written": .list(report.written.map(Value.string)), "unchanged": .list(report.unchanged.map(Value.string)),
            "left": .list(report.left.map(Value.string)),
        ]
        output.show(document) {
            let left = report.left.map { "note: \($0) describes nothing in the tree and is left alone" }
            let counts = "\(report.written.count) written, \(report.unchanged.count) unchanged"
            return (left + ["exported \(path) to \(directory): \(counts)"]).joined(separator: "\n")
        }
    }
}
