import ArgumentParser
import Service

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what the settings come to, or what is wrong with them; start nothing.")

    @OptionGroup var options: SettingsOptions

    func run() throws {
        let settings = try options.settings()
        print(
            """
            listen   \(settings.listen.host):\(settings.listen.port)
            state    \(settings.state)
            database \(try settings.database)
            log      \(settings.log)
            history  \(settings.history.text)
            """)
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
