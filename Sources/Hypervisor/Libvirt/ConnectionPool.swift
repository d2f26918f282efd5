import Logging
import Synchronization

/// The connections to one hypervisor: opened when they are needed, and again when they have died.
///
/// Each serves one call at a time. Threads that share a connection to libvirt's daemon run into each other in the client
/// library's event loop, which ends the process when the daemon falls silent (CVE-2024-4418). A driver that lives within
/// this process has no such loop, and its machines may be those of one connection: that one is shared.
final class ConnectionPool: Sendable {
    private let uri: String
    private let open: @Sendable () throws(LibvirtError) -> ConnectionHandle
    private let watchers: Watchers
    private let logger: Logger
    private let state = Mutex(State())

    private struct State {
        /// Those that nobody uses, of a daemon.
        var idle: [ConnectionHandle] = []
        /// The one of a driver within this process.
        var shared: ConnectionHandle?
        /// The one that tells what happens: one is enough.
        var telling: ConnectionHandle?
    }

    /// - Parameter watchers: who is told what happens to the hypervisor's machines, while a connection is open.
    init(
        to uri: String, telling watchers: Watchers, _ logger: Logger,
        open: @escaping @Sendable () throws(LibvirtError) -> ConnectionHandle
    ) {
        self.uri = uri
        self.watchers = watchers
        self.logger = logger
        self.open = open
    }

    /// Does `body` with a connection, and once more with a new one if the connection turns out to have died: every call can
    /// be repeated. What was given up meanwhile is not begun, and not repeated.
    func run<Answer>(_ body: (ConnectionHandle) throws(LibvirtError) -> Answer) throws(LibvirtError) -> Answer {
        let (result, isAlive) = try attempt(body)
        guard case .failure(let error) = result, !isAlive else { return try result.get() }
        logger.warning("the connection to \(uri) died: \(error.message)")
        return try attempt(body).result.get()
    }

    private func attempt<Answer>(
        _ body: (ConnectionHandle) throws(LibvirtError) -> Answer
    ) throws(LibvirtError) -> (result: Result<Answer, LibvirtError>, isAlive: Bool) {
        // It may have waited for a thread until now, and may wait for the hypervisor to take a new connection.
        try CurrentCall.proceed()
        let connection = try take()
        guard CurrentCall.isWanted() else {
            giveBack(connection)
            throw CurrentCall.givenUp
        }
        let result = Result { () throws(LibvirtError) in try body(connection) }
        giveBack(connection)
        return (result, connection.isAlive)
    }

    private func take() throws(LibvirtError) -> ConnectionHandle {
        let connection = if let known { known } else { try opened() }
        let isToTell = state.withLock { state in
            guard state.telling?.isAlive != true else { return false }
            state.telling = connection
            return true
        }
        if isToTell { connection.tell(watchers) }
        return connection
    }

    private var known: ConnectionHandle? {
        if let shared = state.withLock({ $0.shared }), shared.isAlive { return shared }
        // Those that died since they were used last are let go.
        while let connection = state.withLock({ $0.idle.popLast() }) {
            if connection.isAlive { return connection }
        }
        return nil
    }

    private func opened() throws(LibvirtError) -> ConnectionHandle {
        let connection = try open()
        guard !connection.isRemote else { return connection }
        return state.withLock { state in
            // Another thread may have been faster.
            if let shared = state.shared, shared.isAlive { return shared }
            state.shared = connection
            return connection
        }
    }

    private func giveBack(_ connection: ConnectionHandle) {
        guard connection.isRemote, connection.isAlive else { return }
        state.withLock { $0.idle.append(connection) }
    }
}
