import ArgumentParser
import OrderedCollections
import Tree

struct AdoptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt", abstract: "Take over a VM that a hypervisor has, without touching it.",
        discussion: """
            Writes a descriptor that says what the VM is. `headwater unmanaged` lists what can be adopted; `headwater \
            release` gives it back.

            EXAMPLES
              headwater adopt /courses/so/old-web --hypervisor lab --uuid 6695eb01-f6a4-8304-79aa-97f2502e193f
            """)

    @Argument(help: "The path of the new descriptor.", transform: { try Path($0) })
    var path: Path

    @Option(help: ArgumentHelp("The hypervisor that has it.", valueName: "name"))
    var hypervisor: String

    @Option(help: ArgumentHelp("The VM's UUID.", valueName: "uuid"))
    var uuid: String

    @Option(name: [.short, .long], help: ArgumentHelp("Why, for the history.", valueName: "text"))
    var message: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let body: Value = ["hypervisor": .string(hypervisor), "uuid": .string(uuid)]
        let answer = try await server.client()
            .send(.post, .tree(path, verb: "adopt", ["message": message]), body)
        output.show(answer.value) { EntrySummary(answer.map).text(.output) }
    }
}
