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

    @Option(
        help: ArgumentHelp(
            "The certificates of the authorities to trust, in PEM.",
            discussion: "Default: HEADWATER_CA, ca= in the configuration file, or the system's.", valueName: "file"),
        completion: .file())
    var cacert: String?

    @Option(help: ArgumentHelp("A certificate that says who asks, in PEM.", valueName: "file"), completion: .file())
    var cert: String?

    @Option(
        help: ArgumentHelp("The certificate's key, if it is not in its file.", valueName: "file"), completion: .file())
    var key: String?

    func client() throws(Failure) -> Client {
        let settings = try Settings(
            flags: Settings.Flags(
                url: url, tokenFile: tokenFile,
                trust: Connection.Trust(authorities: cacert, certificate: cert, key: key)),
            environment: ProcessInfo.processInfo.environment
        ) { file in
            FileManager.default.contents(atPath: file).map { String(decoding: $0, as: UTF8.self) }
        }
        return Client(settings)
    }
}
