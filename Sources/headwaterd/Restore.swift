import ArgumentParser
import Foundation
import Service
import Store

struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put a backup in the place of the database, while no daemon runs.",
        discussion: """
            The backup is read whole first; one that is damaged, or of a newer version, changes nothing. A database that is \
            there is refused, or with --replace kept beside as FILE.replaced.

            Operations that had not ended when the backup was made have failed: they are not done to machines as they are \
            by now. Users, tokens and who is disabled are as they were then; what was revoked since lets in again until it is \
            revoked anew. Machines are looked at when the daemon starts.
            """)

    @Argument(help: ArgumentHelp("A file that headwaterd backup made.", valueName: "file"))
    var file: String

    @Flag(help: "Replace the database that is there.")
    var replace = false

    @OptionGroup var options: SettingsOptions

    func run() throws {
        let settings = try options.settings()
        let database = try settings.database
        try StateDirectory.prepare(settings.state)
        do throws(StoreError) {
            let check = try FileCheck(file: file)
            if let obstacle = check.contents?.obstacle { throw StoreError(store: file, obstacle) }
            let restoration = try Restoration(
                of: file, to: database, isReplacing: replace, time: Int(Date().timeIntervalSince1970 * 1000))
            print("\(database): \(restoration.check.summary)")
            if let replaced = restoration.replaced { print("the one before is kept as \(replaced)") }
            if restoration.ended > 0 {
                print("operations that had not ended, and have failed now: \(restoration.ended)")
            }
        } catch {
            throw SettingsError("\(error)")
        }
        print("users and tokens are as of the backup; sessions begun since end with headwaterd keys rotate --drop")
        if !FileManager.default.fileExists(atPath: settings.tokenFile) {
            print("there is no \(settings.tokenFile); headwaterd token makes a superuser's token")
        }
    }
}
