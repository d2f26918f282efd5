import ArgumentParser
import Foundation
import Service
import Store

struct Token: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a new superuser's token in place of one that was lost.",
        discussion: """
            Writes it to admin.token in the state directory; what let in as `admin` before, and was not narrowed, is revoked.
            The daemon is to be stopped meanwhile: it holds the database.
            """)

    @OptionGroup var options: SettingsOptions

    func run() throws {
        let settings = try options.settings()
        guard FileManager.default.fileExists(atPath: try settings.database) else {
            throw SettingsError(
                "\(try settings.database): there is no database yet; the daemon makes it when it starts")
        }
        do {
            let store = try SQLiteStore(file: try settings.database)
            defer { try? store.close() }
            let count = try AdminToken.replace(in: store, file: settings.tokenFile)
            print("\(settings.tokenFile) holds a new token; revoked: \(count)")
        } catch let error as StoreError {
            throw SettingsError("\(error)")
        } catch let error as TokenFileError {
            throw SettingsError("\(error)")
        }
    }
}
