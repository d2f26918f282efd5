import ArgumentParser
import OrderedCollections
import Tree

extension UsersCommand {
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a user.",
            discussion: """
                EXAMPLES
                  headwater users add jana
                  headwater users add puppet --no-password
                """)

        @Argument(help: "The user's name: a-z, 0-9, \".\", \"_\", \"-\".")
        var name: String

        @Flag(help: "Who may do everything, server-wide.")
        var superuser = false

        @Flag(name: .customLong("no-password"), help: "Who comes in with tokens alone, as programs do.")
        var hasNoPassword = false

        @OptionGroup var output: OutputOptions
        @OptionGroup var server: ServerOptions

        func run() async throws {
            let client = try server.client()
            var body: Map = ["name": .string(name), "superuser": .bool(superuser)]
            if !hasNoPassword { body["password"] = .string(try Prompt.newSecret("New password of \(name)")) }
            let answer = try await client.send(.post, Address(["v1", "users"]), .map(body))
            output.show(answer.value) { "added \(name)" }
        }
    }

    struct Password: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change a password: your own, or as a superuser anybody's.",
            discussion: """
                Sessions that began with the old one end; tokens stay, also those of headwater login.
                """)

        @Argument(help: "The user's name; yours if left out.")
        var name: String?

        @OptionGroup var server: ServerOptions

        func run() async throws {
            let client = try server.client()
            let caller = try await client.get(Address(["v1", "whoami"])).map["principal"]?.string ?? ""
            let user = name ?? caller
            var body: Map = [:]
            if user == caller { body["old"] = .string(try Prompt.secret("Password of \(user) as it is")) }
            body["password"] = .string(try Prompt.newSecret("New password of \(user)"))
            _ = try await client.send(.patch, Address(["v1", "users", user]), .map(body))
            Terminal.print("changed the password of \(user)")
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let users in no more, with whatever they hold, at once.")

        @Argument(help: "Names of users.")
        var names: [String]

        @OptionGroup var server: ServerOptions

        func run() async throws { try await UsersCommand.disable(names, true, server) }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let disabled users in again.")

        @Argument(help: "Names of users.")
        var names: [String]

        @OptionGroup var server: ServerOptions

        func run() async throws { try await UsersCommand.disable(names, false, server) }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rm", abstract: "Remove users, their tokens and their place in groups.",
            discussion: """
                Where access in the tree names them, it goes on doing so: who gets the name later gets these rights.
                """)

        @Argument(help: "Names of users.")
        var names: [String]

        @OptionGroup var server: ServerOptions

        func run() async throws {
            let client = try server.client()
            for name in names {
                _ = try await client.send(.delete, Address(["v1", "users", name]))
                Terminal.print("removed \(name)")
            }
        }
    }

    private static func disable(
        _ names: [String], _ isDisabled: Bool, _ server: ServerOptions
    ) async throws(Failure) {
        let client = try server.client()
        for name in names {
            _ = try await client.send(.patch, Address(["v1", "users", name]), ["disabled": .bool(isDisabled)])
            Terminal.print("\(isDisabled ? "disabled" : "enabled") \(name)")
        }
    }
}
