import ArgumentParser
import Foundation

struct LogoutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout", abstract: "Revoke the token that headwater login left, and forget it.",
        discussion: """
            EXAMPLE
              headwater logout
            """)

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let client = try server.client()
        let settings = client.settings
        guard settings.token?.origin == settings.loginFile else {
            throw Failure(
                "nobody is logged in at \(settings.url.absoluteString)",
                hint: settings.token.map { "commands use \($0)" })
        }
        // What cannot be revoked now is kept, so that it can be later.
        try await client.forgetLogin()
        try Login(file: settings.loginFile).remove()
        Terminal.print("logged out of \(settings.url.absoluteString)")
    }
}
