import ArgumentParser
import Foundation
import OrderedCollections
import Tree

struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login", abstract: "Log in with a name and a password; later commands use what it leaves.",
        discussion: """
            The password is asked for, or read from the first line of standard input; it is not kept. What is kept is a \
            token of its own that ends by itself, in ~/.config/headwater/login; headwater logout revokes it.

            EXAMPLES
              headwater login jana
              headwater login jana --url https://headwater.lab.example --days 30
            """)

    @Argument(help: "The user's name.")
    var name: String

    @Option(help: ArgumentHelp("After how many days to log in anew.", valueName: "number"))
    var days = 7

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard (1...3_650).contains(days) else { throw ValidationError("--days \(days): expected 1 to 3650") }
        guard !name.contains(":") else { throw ValidationError("\"\(name)\" is no name of a user") }
    }

    func run() async throws {
        let client = try server.client()
        let login = Login(file: client.settings.loginFile)
        try login.prepare()
        let password = try Prompt.secret("Password of \(name) at \(client.settings.url.absoluteString)")
        let answer: Answer
        do {
            answer = try await client.send(
                .post, Address(["v1", "tokens"]),
                ["note": .string("headwater login at \(hostName)"), "expires": .string(Time.text(inDays: days))],
                as: (name, password))
        } catch {
            guard error.answered == 401 else { throw error }
            throw Failure("the name or the password is wrong")
        }
        guard let token = answer.map["token"]?.string else { throw Failure("the server gave no token") }
        do {
            try await client.forgetLogin()
            try login.write(client.settings.url, token)
        } catch {
            // Nobody holds the token: it is not left behind.
            if let id = answer.map["id"]?.integer {
                _ = try? await client.send(.delete, Address(["v1", "tokens", String(id)]), as: (name, password))
            }
            throw error
        }
        var document = answer.map
        document["token"] = nil
        output.show(.map(document)) {
            "logged in as \(name) at \(client.settings.url.absoluteString) until \(Time.shown(document["expires"]))"
        }
    }

    private var hostName: String { ProcessInfo.processInfo.hostName }
}

extension Client {
    /// Revokes the token that an earlier login to this server left, if it lets in still.
    func forgetLogin() async throws(Failure) {
        guard settings.token?.origin == settings.loginFile else { return }
        do {
            _ = try await send(.delete, Address(["v1", "tokens", "self"]))
        } catch {
            guard error.answered == 401 || error.answered == 404 else { throw error }
        }
    }
}
