import ArgumentParser
import Tree

struct ComputedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "computed", abstract: "Show what a machine inherits and says, in one.",
        discussion: """
            Of a folder: what it hands down.

            EXAMPLES
              headwater computed /courses/so/alice/web
              headwater computed /courses/so/alice/web vars.ntp_servers
            """)

    @Argument(help: "A machine or a folder.", transform: { try Target($0).path })
    var path: Path

    @Argument(help: "A key, such as vars.ntp.", transform: { try DottedPath($0) })
    var key: DottedPath?

    @OptionGroup var past: PastOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let address = Address(["v1", "computed"] + (path.isRoot ? [""] : path.segments), ["at": past.at])
        let definition = try await server.client().get(address).value
        guard let value = key.map({ definition[$0] }) ?? definition else {
            throw Failure("\(path): \(key.map(String.init(describing:)) ?? "") is set at no level")
        }
        output.show(value) { value.readable }
    }
}
