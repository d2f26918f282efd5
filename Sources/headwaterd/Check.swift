import ArgumentParser
import Foundation
import HTTP
import Service
import Sessions
import Store
import TLS

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what the settings come to, or what is wrong with them or with the database; start nothing.",
        discussion: """
            Reads the files for TLS as well, and the database whole: its pages, every row, and the chain of the audit log. \
            Warnings go to standard error, and are no failure.
            """)

    @OptionGroup var options: SettingsOptions

    func run() throws {
        let settings = try options.settings()
        try StateDirectory.check(settings.state)
        var configuration = settings.server
        let credentials = try settings.tls.credentials()
        configuration.tls = credentials
        try Settings.checkPrivacy(configuration)
        let content = try content(settings)
        print(
            """
            listen   \(configuration.url(port: settings.listen.port))
            state    \(settings.state)
            database \(try settings.database)
            content  \(content)
            log      \(settings.log)
            history  \(settings.history.text)
            """)
        for warning in credentials?.warnings ?? [] {
            FileHandle.standardError.write(Data("warning: \(warning)\n".utf8))
        }
    }

    /// What is in the database.
    private func content(_ settings: Settings) throws -> String {
        let database = try settings.database
        do {
            _ = try KeyFile(path: settings.keyFile).read()
            try StateDirectory.refuseLoss(of: database, settings)
            guard FileManager.default.fileExists(atPath: database) else { return "none yet; the first start makes it" }
            let check = try FileCheck(file: database)
            guard check.problems.isEmpty else {
                let lines = check.problems.map { "\(database): is damaged: \($0)" }
                throw SettingsError(lines.joined(separator: "\n") + "\nrestore a backup with headwaterd restore")
            }
            if let contents = check.contents { try StateDirectory.refuseLoss(of: contents, database, settings) }
            if let obstacle = check.contents?.obstacle { throw StoreError(store: database, obstacle) }
            return check.summary
        } catch let error as StoreError {
            throw SettingsError("\(error)")
        } catch let error as KeyFileError {
            throw SettingsError("\(error)")
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
