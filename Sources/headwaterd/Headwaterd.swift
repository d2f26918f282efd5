// headwaterd: the daemon.
//
// What it does: finds its settings, opens the store, starts the service and its server, and ends them in order.
// What it may import: Service, Sessions, HTTP, Store, Formats, Tree, and libraries for arguments and logs.
// Its errors: one line on standard error that says what is wrong and where; exit status 1, or 2 for wrong usage.
// Concurrency: the main task waits for signals; everything else runs in the service.
// Not for: any decision about definitions, machines or rights.

import ArgumentParser
import Foundation

@main
struct Headwaterd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "headwaterd",
        abstract: "Serves a tree of machine definitions to Puppet, Ansible and Salt, and creates the machines.",
        version: "0.1.0",
        subcommands: [Serve.self, Check.self, Token.self, Keys.self, Audit.self, BackUp.self, Restore.self],
        defaultSubcommand: Serve.self)

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let error as SettingsError {
            fail("\(error)", status: 1)
        } catch {
            let status = exitCode(for: error)
            if status == .success || !(error is CleanExit || status == .validationFailure) { exit(withError: error) }
            fail(fullMessage(for: error), status: 2)
        }
    }

    private static func fail(_ message: String, status: Int32) -> Never {
        FileHandle.standardError.write(Data((message + "\n").utf8))
        Foundation.exit(status)
    }
}
