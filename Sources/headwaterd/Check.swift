import ArgumentParser
import Foundation
import HTTP
import TLS

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what the settings come to, or what is wrong with them; start nothing.",
        discussion: "Reads the files for TLS as well. Warnings go to standard error, and are no failure.")

    @OptionGroup var options: SettingsOptions

    func run() throws {
        let settings = try options.settings()
        try StateDirectory.check(settings.state)
        var configuration = settings.server
        let credentials = try settings.tls.credentials()
        configuration.tls = credentials
        try Settings.checkPrivacy(configuration)
        print(
            """
            listen   \(configuration.url(port: settings.listen.port))
            state    \(settings.state)
            database \(try settings.database)
            log      \(settings.log)
            """)
        for warning in credentials?.warnings ?? [] {
            FileHandle.standardError.write(Data("warning: \(warning)\n".utf8))
        }
    }
}
