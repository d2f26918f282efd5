import ArgumentParser

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
            """)
    }
}
