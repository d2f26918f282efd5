import ArgumentParser
import OrderedCollections
import Tree

struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Show an entry, a folder's definition, or one key of it.",
        discussion: """
            What was written at the entry itself; `headwater computed` shows it with what it inherits.

            EXAMPLES
              headwater get /courses/so/alice/web
              headwater get /courses/so/common -o yaml
              headwater get /courses/so vars.ntp
            """)

    @Argument(help: "An entry, or a folder's definition: /courses/so/common.", transform: { try Target($0) })
    var path: Target

    @Argument(help: "A key of the definition, such as vars.ntp.", transform: { try DottedPath($0) })
    var key: DottedPath?

    @OptionGroup var past: PastOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let document = try await server.client().get(.tree(path, ["at": past.at])).map
        let definition: Value =
            switch path {
            case .entry: document["definition"] ?? [:]
            case .common: .map(document)
            }
        if let key {
            guard let value = definition[key] else {
                throw Failure("\(path): \(key) is not set here", hint: "headwater computed \(path.path) \(key)")
            }
            output.show(value) { value.readable }
        } else if case .common = path {
            output.show(definition) { definition.readable }
        } else {
            output.show(.map(document)) { EntrySummary(document).text(.output) }
        }
    }
}
