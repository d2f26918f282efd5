import CMicroHTTPD
import Glibc
public import Logging
import Synchronization
public import TLS

/// A listener, and the worker threads that answer what comes in.
public final class Server: Sendable {
    /// The port it listens on: the one asked for, or the one that the system chose.
    public let port: UInt16
    private let engine: Engine
    private let daemon: Mutex<Daemon?>
    private let watch: Task<Void, Never>

    /// libmicrohttpd's handle; opaque, and used by one thread at a time.
    private struct Daemon: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    /// Connections that libmicrohttpd takes beyond the limit, so that they get an answer.
    private static let excess = 64

    /// Bytes of memory that a connection has besides the head of its request: for what libmicrohttpd notes down of each
    /// header, and for the head of the answer. No more than that, for it clears all of it for each request.
    private static let headRoom = 64 * Configuration.headerCount + (1 << 10)

    /// Files that the rest of the process may have open besides.
    private static let otherFiles = 1_024

    /// Listens and answers from here on, until `stop()`. Raises the process's limit of open files to what its connections
    /// need.
    public init(
        _ configuration: Configuration, log: Logger, handler: @escaping Handler
    ) throws(ServerError) {
        try configuration.checkPrivacy()
        let host = configuration.host
        let socket: Int32
        (socket, port) = try ListeningSocket.open(host: host, port: configuration.port)
        engine = Engine(configuration, log: log, handler: handler)
        let connections = min(configuration.connections, 1 << 20) + Server.excess
        OpenFiles.reserve(connections + Server.otherFiles)
        var options = headwater_daemon()
        options.socket = socket
        options.threads = configuration.threads > 0 ? UInt32(clamping: configuration.threads) : headwater_processors()
        options.memory = min(max(configuration.headLimit, 4_096), 1 << 20) + Server.headRoom
        options.connections = UInt32(clamping: connections)
        options.connections_per_address = UInt32(clamping: configuration.connectionsPerAddress)
        options.idle = UInt32(clamping: configuration.idleTimeout)
        options.context = Unmanaged.passUnretained(engine).toOpaque()
        options.request = onRequest
        options.completed = onCompleted
        options.connection = onConnection
        options.log = onMessage
        options.target = onTarget
        options.unescape = onUnescape
        let pointer = Server.priorities.withCString { priorities in
            options.tls = configuration.tls == nil ? nil : priorities
            return headwater_start(&options)
        }
        guard let pointer else {
            // The socket went with the daemon.
            throw .notStarted(host: host, port: port)
        }
        daemon = Mutex(Daemon(pointer: pointer))
        watch = Task { [engine] in
            while (try? await Task.sleep(for: .seconds(1))) != nil {
                engine.waiting.endOverdue()
                engine.noticeDepartures()
            }
        }
    }

    deinit {
        stop()
    }

    /// Ends the service, and returns when it has ended.
    ///
    /// Requests at hand get `Configuration.stopTimeout` to end; new ones are answered 503 meanwhile. Bodies that are sent
    /// part by part end at once. What then still waits for its answer is answered 503, and every connection is closed. Blocks; not to be called from a handler.
    /// A second call does nothing.
    public func stop() {
        guard let daemon = daemon.withLock({ $0.take() }) else { return }
        watch.cancel()
        engine.beginStopping()
        engine.flows.end()
        wait(seconds: engine.configuration.stopTimeout) { engine.isFlowing }
        engine.unpark()
        // Time for those answers, and the ends of bodies, to be sent.
        wait(seconds: 1) { engine.isIdle }
        MHD_stop_daemon(daemon.pointer)
        engine.lingering.end()
    }

    /// Presents and believes something else from here on. Connections that are open stay so, but their clients'
    /// certificates are judged anew. Without effect on a server that was started in plain text.
    public func use(_ credentials: Credentials) {
        engine.keyring?.current = credentials
    }

    /// No TLS below 1.2 (RFC 8996), no exchange of keys without forward secrecy, no ciphers that do not authenticate
    /// (GnuTLS manual, "Priority strings").
    private static let priorities =
        "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-SHA1:-AES-128-CBC:-AES-256-CBC:%SERVER_PRECEDENCE"

    /// Waits until `isDone`, or the time is over.
    private func wait(seconds: Int, until isDone: () -> Bool) {
        let end = ContinuousClock.now.advanced(by: .seconds(seconds))
        while !isDone(), ContinuousClock.now < end { rest() }
    }
}

/// Gives way to other threads for two milliseconds.
func rest() { usleep(2_000) }
