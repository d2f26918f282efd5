import ArgumentParser
import Foundation
import Service
import Store

struct BackUp: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the database to a file, whole and checked, beside a daemon that runs.",
        discussion: """
            The copy is read whole before it gets its name: its pages, every row, and the chain of the audit log. A file that \
            is there is replaced only with --replace.

            In it: the tree with its history, what is known of machines, operations, users with the hashes of their \
            passwords, groups, the hashes of tokens, the audit log. Not in it: admin.token, session.keys, the files for TLS, \
            the settings, and what is on the machines' disks.

            EXAMPLE
              headwaterd backup --state /var/lib/headwater /srv/backup/headwater-$(date +%F).sqlite
            """)

    @Argument(help: ArgumentHelp("The file to make.", valueName: "file"))
    var file: String

    @Flag(help: "Replace a file that is there.")
    var replace = false

    @OptionGroup var options: SettingsOptions

    func run() throws {
        let database = try options.settings().database
        // Hashes of passwords are in it.
        umask(0o077)
        do {
            let check = try Backup.make(of: database, to: file, isReplacing: replace)
            if let obstacle = check.contents?.obstacle {
                throw SettingsError("\(database): \(obstacle); the copy in \(file) has the same damage")
            }
            print("\(file): \(check.summary)")
        } catch let error as StoreError {
            throw SettingsError("\(error)")
        }
        print("not in it: admin.token, session.keys, files for TLS, settings, disks of machines")
    }
}

extension FileCheck {
    /// `revision 12, entries: 5, machines: 3, users: 2, audit head: 1041:9f86d0…`.
    var summary: String {
        guard let contents else { return "schema \(schema), older than this version's" }
        let counts =
            "revision \(contents.revision), entries: \(contents.entries.count), machines: \(contents.machines.count), users: "
            + "\(contents.users.count), tokens: \(contents.tokens.count)"
        return counts + (audit?.head.map { ", audit head: \($0)" } ?? "")
    }
}
