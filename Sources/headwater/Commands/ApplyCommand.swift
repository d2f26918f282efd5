import ArgumentParser
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

            On a terminal, what would change is shown and asked for first; elsewhere --yes or --plan says that it is meant.

            EXAMPLES
              headwater apply fixtures/faculty --to /
              headwater apply courses/so --to /courses/so --prune --yes -m "groups of this term"
              headwater apply web.yaml --to /courses/so/alice --plan 41-9f86d081884c7d65
            """)

    @OptionGroup var directory: DirectoryOptions
    @OptionGroup var write: WriteOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try server.client()
        let merging = try await directory.merging(client)
        let change = try await directory.change(client, merging)
        let answer: Answer
        do {
            answer = try await write.make(change, client, output, asks: true)
        } catch let failure as Failure {
            throw merging?.hinted(failure) ?? failure
        }
        let revision = answer.map["revision"]?.integer ?? 0
        let files = try await merging?.finish(answer.map["merged"]?.maps ?? [], revision, client) ?? []
        output.show(answer.value) {
            let count = { (name: String) in "\(answer.map[name]?.integer ?? 0) \(name)" }
            let removed = answer.map["removed"] == 0 ? "" : ", \(count("removed"))"
            let counts =
                "\(count("created")), \(count("changed")), \(count("unchanged"))\(removed) (revision \(revision))"
            let merged = files.map { "\($0), for what came since revision \(merging?.base ?? 0)" }
            return (merged + ["applied \(directory.source) to \(directory.to): \(counts)"]).joined(separator: "\n")
        }
    }
}
