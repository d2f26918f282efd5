import ArgumentParser
import Foundation
import Glibc

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
            environment: ProcessInfo.processInfo.environment, read: ServerOptions.text)
        return Client(settings)
    }

    /// A file's text; nil if none is seen there.
    private static func text(of file: String) throws(Failure) -> String? {
        guard access(file, F_OK) == 0 else { return nil }
        do {
            // Not Data(contentsOf:), which refuses /dev/null and the pipes of a shell.
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
            return String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
        } catch {
            var isDirectory: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: file, isDirectory: &isDirectory)
            let reason = isDirectory.boolValue ? "expected a file, found a directory" : error.localizedDescription
            throw Failure("\(file) cannot be read: \(reason)")
        }
    }
}
