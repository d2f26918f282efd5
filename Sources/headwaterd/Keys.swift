import ArgumentParser
import Foundation
import Sessions

struct Keys: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The keys that sign the sessions of those who log in with a password.",
        subcommands: [Rotate.self])

    struct Rotate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a new key that signs from now on.",
            discussion: """
                What earlier keys signed holds until it ends, so nobody has to log in anew. The daemon does so by itself \
                every 30 days. A daemon that runs takes the new key with SIGHUP.
                """)

        @Flag(help: "Drop the earlier keys: every session ends, for a key that somebody else may have.")
        var drop = false

        @OptionGroup var options: SettingsOptions

        func run() throws {
            let file = KeyFile(path: try options.settings().keyFile)
            let now = Int(Date().timeIntervalSince1970)
            do {
                guard let ring = try file.read() else {
                    throw SettingsError("\(file.path): there are no keys yet; the daemon makes them when it starts")
                }
                let next = try ring.rotated(now: now, keeping: !drop)
                try file.write(next)
                print("\(file.path): key \(next.current) signs from now on; keys kept: \(next.count - 1)")
            } catch let error as KeyFileError {
                throw SettingsError("\(error)")
            }
        }
    }
}
