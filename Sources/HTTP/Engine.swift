import CMicroHTTPD
import Logging
import Synchronization

/// What the callbacks of one daemon share.
///
/// libmicrohttpd holds a bare pointer to it, so the server keeps it until the daemon has ended.
final class Engine: Sendable {
    let configuration: Configuration
    let log: Logger
    let handler: Handler
    /// The credentials for TLS; nil in plain text.
    let keyring: Keyring?
    let waiting: Waiting

    private let connections = Atomic(0)
    private let stopping = Atomic(false)
    private let parked = Mutex(Parked())
    /// The answers that are sent part by part.
    let flows = Flows()
    let lingering = Lingering()

    /// The exchanges that wait for their answers.
    private struct Parked {
        var exchanges: [ObjectIdentifier: Exchange] = [:]
        /// No more are taken.
        var isClosed = false
    }

    init(_ configuration: Configuration, log: Logger, handler: @escaping Handler) {
        self.configuration = configuration
        self.log = log
        self.handler = handler
        keyring = configuration.tls.map(Keyring.init)
        waiting = Waiting(idleTimeout: configuration.idleTimeout, bodyRate: configuration.bodyRate)
    }

    // MARK: Counting

    var isIdle: Bool { waiting.busy == 0 }
    /// Whether what is at hand is nothing but answers that are sent part by part, which end when they are told to.
    var isFlowing: Bool { waiting.busy <= flows.count }

    /// A connection was accepted.
    func connectionOpened(_ connection: OpaquePointer) -> Client {
        let open = connections.add(1, ordering: .relaxed).newValue
        let client = Client(of: connection, isExcess: open > configuration.connections, keyring, configuration)
        waiting.opened(client)
        return client
    }

    func connectionClosed(_ client: Client?) {
        connections.subtract(1, ordering: .relaxed)
        guard let client else { return }
        waiting.closed(client)
        if client.isSending { lingering.take(over: client.socket) }
    }

    // MARK: Stopping

    var isStopping: Bool { stopping.load(ordering: .relaxed) }

    /// From here on every new request is refused.
    func beginStopping() { stopping.store(true, ordering: .relaxed) }

    /// Answers all that is parked with 503, and cancels the work on it. When it returns nothing is suspended, and nothing will be.
    func unpark() {
        parked.withLock { $0.isClosed = true }
        while true {
            let exchanges = waitingExchanges
            guard !exchanges.isEmpty else { return }
            for exchange in exchanges { settle(exchange, .respond(unavailable("the server is stopping"))) }
            // One may be in the hands of its own task, between its answer and its removal.
            rest()
        }
    }

    // MARK: Suspending

    /// Parks a connection while `work` runs; to be called on the connection's worker. False when the server is stopping.
    func park(_ exchange: Exchange, _ work: @escaping @Sendable () async -> Reception) -> Bool {
        // Under the lock, so that nobody can settle the exchange before its connection is suspended.
        let isParked = parked.withLock { parked in
            guard !parked.isClosed else { return false }
            exchange.stage = .suspended
            parked.exchanges[ObjectIdentifier(exchange)] = exchange
            MHD_suspend_connection(exchange.connection)
            return true
        }
        if isParked {
            exchange.isWorked(on: Task { self.settle(exchange, await work()) })
        }
        return isParked
    }

    /// The exchanges that wait for their answers.
    var waitingExchanges: [Exchange] { parked.withLock { Array($0.exchanges.values) } }

    /// Hands a parked exchange what was decided, and its connection back to the worker; without effect if that was done
    /// before.
    private func settle(_ exchange: Exchange, _ reception: Reception) {
        guard exchange.settle(reception) else { return }
        MHD_resume_connection(exchange.connection)
        // Only now: until then the daemon must not end.
        parked.withLock { _ = $0.exchanges.removeValue(forKey: ObjectIdentifier(exchange)) }
    }

    // MARK: Refusing

    /// 503 (RFC 9110 §15.6.4).
    func unavailable(_ detail: String) -> Response {
        var response = configuration.problem(503, detail).closing
        if response.header("Retry-After") == nil { response.headers.append(("Retry-After", "5")) }
        return response
    }
}

extension Response {
    /// This answer, after which the connection is closed.
    var closing: Response {
        guard header("Connection") == nil else { return self }
        var response = self
        response.headers.append(("Connection", "close"))
        return response
    }
}
