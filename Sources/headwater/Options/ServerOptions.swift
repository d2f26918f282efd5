import ArgumentParser
import Foundation

/// Where the server is.
struct ServerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The server.", discussion: "Default: HEADWATER_URL, or http://127.0.0.1:8470.", valueName: "url"))
    var url: String?

    @Option(help: ArgumentHelp("A file that holds the token.", valueName: "file"), completion: .file())
    var tokenFile: String?

    func client() throws(Failure) -> Client {
        let settings = try Settings(
            flags: Settings.Flags(url: url, tokenFile: tokenFile), environment: ProcessInfo.processInfo.environment
        ) { file in
            FileManager.default.contents(atPath: file).map { String(decoding: $0, as: UTF8.self) }
        }
        return Client(settings)
    }
}
