import HTTP
import Lifecycle
import Logging
import Service
import Tree

/// What the daemon is told: by flags, by `HEADWATER_…` variables, by a file, or not at all; the first that says
/// something counts.
struct Settings: Equatable {
    /// Where to listen.
    var listen = ListenAddress(host: "127.0.0.1", port: 8470)
    /// The directory of the database, the first token and the keys of sessions.
    var state = ".state"
    /// `sqlite:///FILE`; nil: `headwater.sqlite` in the state directory.
    var store: String?
    var log = Logger.Level.notice
    var tls = TLSSettings()
    /// Whether plain text may be spoken on an address that other machines reach.
    var isPlainTextAllowed = false
    /// See `Service.CertificateRules`.
    var compilers: Set<String> = []
    var compilerRoles: Set<String> = ["headwater-compiler"]
    var reserved: Set<String> = []
    var limits = Limits()
    var operations = Operations()
    /// How much of the audit log is kept.
    var audit = AuditRetention()
    /// Bytes of rendered documents that are kept.
    var documents = 256 << 20
    /// How much of the past is kept.
    var history = Retention()
    /// Which hypervisors definitions may name.
    var reach = Reach()

    /// What a server and a service bear; see `HTTP.Configuration` and `Service.Options` for each.
    struct Limits: Equatable {
        var body = 16 << 20
        var header = 16 << 10
        /// Of the maps and lists of a body.
        var depth = 64
        /// In one request.
        var entries = 100_000
        var connections = 4_096
        var connectionsPerAddress = 0
        /// In seconds.
        var idle = 60
        /// In bytes per second.
        var bodyRate = 1_000
        /// 0: one for each processor.
        var threads = 0
    }

    /// How operations are done and kept; see `Service.Options` for each.
    struct Operations: Equatable {
        /// In seconds.
        var grace = 60
        /// In seconds.
        var patience = 900
        /// How many that have ended.
        var keep = 10_000
        var days = 90
    }

    /// The database's file.
    var database: String {
        get throws(SettingsError) {
            guard let store else { return state + "/headwater.sqlite" }
            guard store.hasPrefix("sqlite://"), store.count > "sqlite://".count else {
                throw SettingsError("store: expected sqlite:///a/file, found \"\(store)\"")
            }
            return String(store.dropFirst("sqlite://".count))
        }
    }

    /// Where the first superuser's token is written.
    var tokenFile: String { state + "/admin.token" }

    /// Where the keys that sign sessions lie.
    var keyFile: String { state + "/session.keys" }

    /// The server's part of it, save what is read from the files for TLS.
    var server: Configuration {
        var configuration = Configuration(host: listen.host, port: listen.port)
        configuration.bodyLimit = limits.body
        configuration.headLimit = limits.header
        configuration.connections = limits.connections
        configuration.connectionsPerAddress = limits.connectionsPerAddress
        configuration.idleTimeout = limits.idle
        configuration.bodyRate = limits.bodyRate
        configuration.threads = limits.threads
        configuration.isPlainTextAllowed = isPlainTextAllowed
        return configuration
    }
}

/// `HOST:PORT`, `[IPV6]:PORT`.
struct ListenAddress: Equatable {
    let host: String
    let port: UInt16
}

extension ListenAddress {
    init(_ text: String) throws(SettingsError) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw SettingsError("listen: expected HOST:PORT with a port from 0 to 65535, found \"\(text)\"")
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty else { throw SettingsError("listen: expected a host before the port, found \"\(text)\"") }
        self.init(host: host, port: port)
    }
}

/// What is wrong with the settings.
struct SettingsError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
