import ArgumentParser
import Foundation
import Tree

/// The flags that settings have.
struct SettingsOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Read settings from this file, in YAML or JSON.", valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp("Listen here; port 0 picks a free one. Default: 127.0.0.1:8470.", valueName: "host:port"))
    var listen: String?

    @Option(
        help: ArgumentHelp(
            "Keep the database and the first token in this directory. Default: .state.", valueName: "dir"))
    var state: String?

    @Option(help: ArgumentHelp("Keep the database elsewhere: sqlite:///a/file.", valueName: "url"))
    var store: String?

    @Option(
        help: ArgumentHelp(
            "How much to log: trace, debug, info, notice, warning, error or critical.", valueName: "level"))
    var log: String?

    @OptionGroup var tls: TLSOptions

    /// The settings that flags, variables and the file make together.
    func settings(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws -> Settings {
        var settings = Settings()
        if let file = config ?? environment["HEADWATER_CONFIG"] { try settings.read(file: file) }
        if let text = listen ?? environment["HEADWATER_LISTEN"] { settings.listen = try ListenAddress(text) }
        if let text = state ?? environment["HEADWATER_STATE"] { settings.state = text }
        if let text = store ?? environment["HEADWATER_STORE"] { settings.store = text }
        if let text = log ?? environment["HEADWATER_LOG"] { settings.log = try Settings.level(text) }
        try tls.apply(to: &settings, environment)
        _ = try settings.database
        _ = try settings.tls.files
        return settings
    }
}
