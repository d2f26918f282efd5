import ArgumentParser
import Foundation
import Store

struct Audit: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The log of who did what, or tried to.", subcommands: [Verify.self])

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say whether every row of the log is there and as it was written.",
            discussion: """
                Each row's hash covers the row and the hash of the one before, so a row that was altered, put in or removed \
                is found and named. Who can write to the database can write the chain anew up to its end: note the last \
                line that this prints somewhere else, and give it with --head the next time.

                Reads only, beside a daemon that runs. Exit status 0 if all is well, 1 if not.

                EXAMPLE
                  headwaterd audit verify --state /var/lib/headwater --head 1041:9f86d081…
                """)

        @Option(
            help: ArgumentHelp("A row that was noted: it is to be there with this hash.", valueName: "number:hash"),
            transform: { text in
                guard let head = AuditCheck.Head(text) else {
                    throw ValidationError("expected NUMBER:HASH with 64 hexadecimal digits, found \"\(text)\"")
                }
                return head
            })
        var head: AuditCheck.Head?

        @OptionGroup var options: SettingsOptions

        func run() throws {
            let file = try options.settings().database
            guard FileManager.default.fileExists(atPath: file) else {
                throw SettingsError("\(file): there is no database yet; the daemon makes it when it starts")
            }
            let check: AuditCheck
            do {
                check = try AuditCheck(file: file, noted: head)
            } catch {
                throw SettingsError("\(error)")
            }
            for problem in check.problems { FileHandle.standardError.write(Data("\(problem)\n".utf8)) }
            print("rows: \(check.count); problems: \(check.problems.count)")
            if let head = check.head { print("head: \(head)") }
            if !check.problems.isEmpty { throw ExitCode(1) }
        }
    }
}
