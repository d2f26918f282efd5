import ArgumentParser
import Foundation
import HTTP
import Hypervisor
import Logging
import Service
import Sessions
import Store
import TLS

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Serve until SIGTERM or Ctrl-C; SIGHUP reads the log level, the keys and the files for TLS again.",
        discussion: """
            Flags override HEADWATER_CONFIG, HEADWATER_LISTEN, HEADWATER_STATE, HEADWATER_STORE and HEADWATER_LOG, which
            override the file; so it is with HEADWATER_TLS_CERTIFICATE, …_KEY, …_CA, …_CRL, HEADWATER_INSECURE,
            HEADWATER_COMPILERS and HEADWATER_COMPILER_ROLES. The first start writes a superuser's token to admin.token in the state directory.
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
        // What is wrong with the files for TLS is said before anything is made.
        var configuration = settings.server
        let stamp = settings.tls.crl.flatMap(FileStamp.init)
        configuration.tls = try settings.tls.credentials()
        try Settings.checkPrivacy(configuration)
        warn(configuration.tls, log)
        // The database may be elsewhere; the first token is always here.
        try StateDirectory.prepare(settings.state)
        try StateDirectory.refuseLoss(of: try settings.database, settings)
        let store = try SQLiteStore(file: try settings.database)
        defer { try? store.close() }
        try StateDirectory.refuseLoss(ofAllIn: store, try settings.database, settings)
        if try AdminToken.make(in: store, file: settings.tokenFile) {
            log.notice("the superuser's token is in \(settings.tokenFile)")
        }

        var options = Service.Options()
        options.documentBytes = settings.documents
        options.depth = settings.limits.depth
        options.entries = settings.limits.entries
        options.retention = settings.history
        options.grace = .seconds(settings.operations.grace)
        options.patience.total = .seconds(settings.operations.patience)
        options.operationRetention = OperationRetention(
            count: settings.operations.keep, age: .seconds(settings.operations.days * 86_400))
        options.auditRetention = settings.audit
        options.certificates.compilers = settings.compilers
        options.certificates.roles = settings.compilerRoles
        options.certificates.reserved = settings.reserved
        let service = try await Service(
            store, options, keys: KeyFile(path: settings.keyFile), hypervisors: Connections(within: settings.reach), log
        )
        configuration.problem = service.problem
        configuration.urgent = Service.urgentPaths
        let server = try Server(configuration, log: log, handler: service.handler)
        print("listening on \(configuration.url(port: server.port))")
        fflush(nil)

        var watch = RevocationWatch(settings.tls, since: stamp, log) { server.use($0) }
        defer { watch.stop() }
        for await signal in signals.received {
            guard signal == SIGHUP else { break }
            if let new = reload(server, log) {
                watch.stop()
                watch = new
            }
            do {
                try await service.reloadKeys()
            } catch {
                log.error("the keys of sessions stay as they were: \(error)")
            }
        }
        log.notice("stopping")
        // On a thread of its own: where there is one processor, answers that are to be sent first need Swift's only one.
        await withCheckedContinuation { stopped in
            Thread.detachNewThread {
                server.stop()
                stopped.resume()
            }
        }
        await service.close()
    }

    /// Reads the settings again.
    /// - Returns: who looks after the list of revoked certificates from now on; nil if the settings stay as they were.
    private func reload(_ server: Server, _ log: Logger) -> RevocationWatch? {
        do {
            let settings = try options.settings()
            let stamp = settings.tls.crl.flatMap(FileStamp.init)
            let credentials = try settings.tls.credentials()
            if let credentials { server.use(credentials) }
            warn(credentials, log)
            ConsoleLog.set(settings.log)
            let read = credentials == nil ? "" : ", the certificates"
            log.notice("read the settings again: log level \(settings.log)\(read); the others hold from the next start")
            return credentials == nil ? nil : RevocationWatch(settings.tls, since: stamp, log) { server.use($0) }
        } catch {
            log.error("the settings stay as they were: \(error)")
            return nil
        }
    }

    private func warn(_ credentials: Credentials?, _ log: Logger) {
        for warning in credentials?.warnings ?? [] { log.warning("\(warning)") }
    }
}

extension Configuration {
    /// Where the server answers, as a URL.
    func url(port: UInt16) -> String {
        "\(tls == nil ? "http" : "https")://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }
}
