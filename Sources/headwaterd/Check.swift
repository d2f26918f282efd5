import ArgumentParser
import Foundation
import HTTP
import Service
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
            history  \(settings.history.text)
            """)
        for warning in credentials?.warnings ?? [] {
            FileHandle.standardError.write(Data("warning: \(warning)\n".utf8))
        }
    }
}

extension Retention {
    /// `kept for 365 days, and 1000 revisions at least`.
    fileprivate var text: String {
        let days = days.map { "for \($0) days" }
        let revisions = revisions.map { "\($0) revisions\(days == nil ? "" : " at least")" }
        let bounds = [days, revisions].compactMap { $0 }
        return "kept: " + (bounds.isEmpty ? "all" : bounds.joined(separator: ", "))
    }
}
