import ArgumentParser
import OrderedCollections
import Tree

struct GroupsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "groups", abstract: "Groups of users, whom access in the tree names with an @.",
        discussion: """
            EXAMPLES
              headwater groups
              headwater groups add teachers jana petr
              headwater groups change teachers --add eva --remove petr
            """,
        subcommands: [List.self, Add.self, Change.self, Remove.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List groups.")

        @OptionGroup var output: OutputOptions
        @OptionGroup var server: ServerOptions

        func run() async throws {
            let answer = try await server.client().get(Address(["v1", "groups"]))
            output.show(answer.value) {
                let groups = answer.map["groups"]?.maps ?? []
                guard !groups.isEmpty else { return "" }
                let rows = groups.map { [Cell("@" + ($0["name"]?.string ?? "")), Cell(GroupsCommand.members($0))] }
                return Table(header: ["GROUP", "MEMBERS"], rows: rows).text(.output)
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a group.")

        @Argument(help: "The group's name, without the @.")
        var name: String

        @Argument(help: "Names of users.")
        var members: [String] = []

        @OptionGroup var output: OutputOptions
        @OptionGroup var server: ServerOptions

        func run() async throws {
            let body: Value = ["name": .string(name), "members": .list(members.map(Value.string))]
            let answer = try await server.client().send(.post, Address(["v1", "groups"]), body)
            output.show(answer.value) { "added @\(name): \(GroupsCommand.members(answer.map))" }
        }
    }

    struct Change: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take users into a group, or out of it.")

        @Argument(help: "The group's name, without the @.")
        var name: String

        @Option(help: ArgumentHelp("Take in.", valueName: "user"))
        var add: [String] = []

        @Option(help: ArgumentHelp("Take out.", valueName: "user"))
        var remove: [String] = []

        @OptionGroup var output: OutputOptions
        @OptionGroup var server: ServerOptions

        func validate() throws {
            guard !add.isEmpty || !remove.isEmpty else { throw ValidationError("expected --add or --remove") }
        }

        func run() async throws {
            let body: Value = ["add": .list(add.map(Value.string)), "remove": .list(remove.map(Value.string))]
            let answer = try await server.client().send(.patch, Address(["v1", "groups", name]), body)
            output.show(answer.value) { "@\(name): \(GroupsCommand.members(answer.map))" }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rm", abstract: "Remove groups; their members stay.")

        @Argument(help: "Names of groups, without the @.")
        var names: [String]

        @OptionGroup var server: ServerOptions

        func run() async throws {
            let client = try server.client()
            for name in names {
                _ = try await client.send(.delete, Address(["v1", "groups", name]))
                Terminal.print("removed @\(name)")
            }
        }
    }

    private static func members(_ group: Map) -> String {
        let names = group["members"]?.texts ?? []
        return names.isEmpty ? "nobody" : names.joined(separator: ", ")
    }
}
