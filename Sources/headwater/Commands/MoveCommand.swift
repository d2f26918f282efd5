import ArgumentParser
import OrderedCollections
import Tree

struct MoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mv", abstract: "Move or rename an entry with all below it.",
        discussion: """
            Into a folder that exists, else to the new path. Machines keep their VMs; what they inherit is what the new \
            place hands down.

            EXAMPLES
              headwater mv /courses/so/alice/web /courses/so/alice/www
              headwater mv /courses/so/alice /archive/
            """)

    @OptionGroup var transfer: TransferOptions
    @OptionGroup var write: WriteOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try server.client()
        let to = try await transfer.destination(client)
        let answer = try await write.make(.move(transfer.from, to: to), client, output)
        output.show(answer.value) { "moved \(transfer.from) to \(to)" }
    }
}
