public import TLS

/// Where a server listens, and its limits.
public struct Configuration: Sendable {
    /// A name or an address, IPv4 or IPv6. Default: `127.0.0.1`.
    public var host = "127.0.0.1"
    /// The port; 0, the default, lets the system choose one.
    public var port: UInt16 = 0
    /// What it presents to clients, and whom it believes; nil, the default: it speaks in plain text.
    public var tls: Credentials?
    /// Whether it may speak in plain text on an address that other machines reach. Default: no.
    public var isPlainTextAllowed = false
    /// Worker threads; 0, the default, is one for each processor that the process may run on.
    public var threads = 0
    /// Bytes of a request's body; more is answered 413. Default: 16 MiB.
    public var bodyLimit = 16 << 20
    /// Bytes of a request's line and headers together; more is answered 431, far more 414 or 431. Default: 16 KiB.
    public var headLimit = 16 << 10
    /// Headers of a request; more are answered 431. As many as Apache takes (LimitRequestFields).
    static let headerCount = 100
    /// Open connections. Requests on those beyond are answered 503 with Retry-After and their connections closed; when
    /// there are too many of these as well, new ones wait until others end. Default: 4,096.
    public var connections = 4_096
    /// Paths that are answered on connections beyond the limit as well, as far as these are taken; each such connection is
    /// closed after one answer. For what tells whether the service is alive. Default: none.
    public var urgent: Set<String> = []
    /// Open connections of one address; those beyond are closed unanswered. 0, the default, is no limit of its own.
    public var connectionsPerAddress = 0
    /// Seconds after which a connection that neither sends nor takes a byte is closed; 0 is never. A connection whose
    /// answer is being worked on is not idle. After twice that time it is closed even if it is not idle, when neither its
    /// TLS handshake nor a request's head has come to an end. Default: 60.
    public var idleTimeout = 60
    /// Bytes of a body that have to come in a second on average, once twice the idle time is over; a connection on which fewer
    /// come is closed. 0: as slowly as the client likes. Default: 1,000.
    public var bodyRate = 1_000
    /// Seconds that `Server.stop()` gives to the requests at hand. Default: 5.
    public var stopTimeout = 5
    /// The answer for what is refused before a handler sees it: a status, and a sentence that says what was wrong.
    /// Default: the sentence as plain text.
    public var problem: @Sendable (_ status: Int, _ detail: String) -> Response = { .text($0, $1) }

    public init() {}

    public init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }
}
