import ArgumentParser
import OrderedCollections
import Tree

struct UsersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users", abstract: "People and programs that have an account.",
        discussion: """
            What somebody may do stands in the tree, under the key access of folders. Passwords are asked for, or read \
            from standard input, a line each.

            EXAMPLES
              headwater users
              headwater users add jana
              headwater users password
              headwater users disable jana
            """,
        subcommands: [List.self, Add.self, Password.self, Disable.self, Enable.self, Remove.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List users; you alone, if you are no superuser.")

        @OptionGroup var output: OutputOptions
        @OptionGroup var server: ServerOptions

        func run() async throws {
            let answer = try await server.client().get(Address(["v1", "users"]))
            output.show(answer.value) {
                let users = answer.map["users"]?.maps ?? []
                guard !users.isEmpty else { return "" }
                return Table(
                    header: ["NAME", "STANDING", "PASSWORD", "GROUPS", "CREATED (UTC)"], rows: users.map(Self.row)
                ).text(.output)
            }
        }

        private static func row(_ user: Map) -> [Cell] {
            let standing: Cell =
                user["disabled"] == true
                ? Cell("disabled", .red) : user["superuser"] == true ? Cell("superuser", .yellow) : Cell("user")
            let groups = (user["groups"]?.texts ?? []).joined(separator: ", ")
            return [
                Cell(user["name"]?.string ?? ""), standing, Cell(user["password"] == true ? "yes" : "none"),
                Cell(groups), Cell(Time.shown(user["created"])),
            ]
        }
    }
}
