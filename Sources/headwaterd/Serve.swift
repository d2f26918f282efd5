import ArgumentParser
import Foundation
import HTTP
import Logging
import Service
import Sessions
import Store

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve until SIGTERM or Ctrl-C; SIGHUP reads the log level and the keys again.",
        discussion: """
            Flags override HEADWATER_CONFIG, HEADWATER_LISTEN, HEADWATER_STATE, HEADWATER_STORE and HEADWATER_LOG, which
            override the file. The first start writes a superuser's token to admin.token in the state directory.
            """)

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        let settings = try options.settings()
        let log = ConsoleLog.start(settings.log)
        let signals = Signals()
        do {
            try await serve(settings, signals, log)
        } catch let error as StoreError {
            throw SettingsError("\(error)")
        } catch let error as ServerError {
            throw SettingsError("\(error)")
        } catch let error as TokenFileError {
            throw SettingsError("\(error)")
        } catch let error as KeyFileError {
            throw SettingsError("\(error)")
        }
    }

    private func serve(_ settings: Settings, _ signals: Signals, _ log: Logger) async throws {
        // The database may be elsewhere; the first token is always here.
        try? FileManager.default.createDirectory(
            atPath: settings.state, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let store = try SQLiteStore(file: try settings.database)
        defer { try? store.close() }
        if try AdminToken.make(in: store, file: settings.tokenFile) {
            log.notice("the superuser's token is in \(settings.tokenFile)")
        }

        var options = Service.Options()
        options.documentBytes = settings.documents
        options.depth = settings.limits.depth
        options.entries = settings.limits.entries
        let service = try await Service(store, options, keys: KeyFile(path: settings.keyFile), log)
        var configuration = settings.server
        configuration.problem = service.problem
        let server = try Server(configuration, log: log, handler: service.handler)
        print("listening on http://\(settings.listen.shownHost):\(server.port)")
        fflush(nil)

        for await signal in signals.received {
            guard signal == SIGHUP else { break }
            reload(log)
            do {
                try await service.reloadKeys()
            } catch {
                log.error("the keys of sessions stay as they were: \(error)")
            }
        }
        log.notice("stopping")
        server.stop()
        await service.close()
    }

    private func reload(_ log: Logger) {
        do {
            let settings = try options.settings()
            ConsoleLog.set(settings.log)
            log.notice("read the settings again: log level \(settings.log); the others hold from the next start")
        } catch {
            log.error("the settings stay as they were: \(error)")
        }
    }
}

extension ListenAddress {
    /// The host as a URL has it.
    fileprivate var shownHost: String { host.contains(":") ? "[\(host)]" : host }
}
