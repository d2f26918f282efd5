import ArgumentParser
import OrderedCollections
import Tree

struct CopyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cp", abstract: "Copy an entry with all below it.",
        discussion: """
            Into a folder that exists, else to the new path. A copy describes machines of its own: they are provisioned, \
            without a VM, a hardware address or an IP address.

            EXAMPLES
              headwater cp /courses/so/alice /courses/so/bruno
              headwater cp /templates/web /courses/so/alice/
            """)

    @OptionGroup var transfer: TransferOptions
    @OptionGroup var write: WriteOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try server.client()
        let to = try await transfer.destination(client)
        let answer = try await write.make(.copy(transfer.from, to: to), client, output)
        output.show(answer.value) { "copied \(transfer.from) to \(to)" }
    }
}
