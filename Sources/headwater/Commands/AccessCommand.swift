import ArgumentParser
import OrderedCollections
import Tree

struct AccessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "access", abstract: "Show what you, or somebody, may do at a place, and which entries say so.",
        discussion: """
            EXAMPLES
              headwater access /courses/so
              headwater access /courses/so/alice alice
              headwater access /courses/so @tutors

            To ask about others takes the right to grant there.
            """)

    @Argument(help: "A machine or a folder.", transform: { try Target($0).path })
    var path: Path

    @Argument(help: "A user such as ana, or a group such as @teachers; default: you.")
    var principal: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let address = Address(["v1", "access"] + (path.isRoot ? [""] : path.segments), ["principal": principal])
        let answer = try await server.client().get(address)
        output.show(answer.value) {
            let isSuperuser = answer.map["superuser"]?.bool ?? false
            let name = answer.map["principal"]?.string ?? ""
            var rows = [
                [Cell("principal"), Cell(name + (isSuperuser ? " (superuser)" : ""))],
                [Cell("rights"), Cell(Self.words(answer.map["rights"], otherwise: "none"))],
            ]
            for role in answer.map["roles"]?.maps ?? [] {
                let text = { (key: Key) in role[key]?.string ?? "" }
                rows.append([Cell(text("role")), Cell("as \(text("as")) by \(text("from"))")])
            }
            for role in answer.map["may"]?.maps ?? [] {
                let places = Self.words(role["from"], otherwise: "its standard")
                rows.append([
                    Cell("every \(role["role"]?.string ?? "")"),
                    Cell("may \(Self.words(role["rights"], otherwise: "nothing")) (by \(places))"),
                ])
            }
            return Table(rows: rows).text(.output)
        }
    }

    private static func words(_ list: Value?, otherwise none: String) -> String {
        let words = list?.texts ?? []
        return words.isEmpty ? none : words.joined(separator: " ")
    }
}
