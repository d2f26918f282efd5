import Glibc
import Synchronization

/// The open connections, and since when each has waited for a request.
///
/// libmicrohttpd counts neither the time of a TLS handshake nor that of a head which comes a byte at a time, so a client
/// could keep a connection for as long as it liked. Here both have an end.
final class Waiting: Sendable {
    /// Nil: without end.
    private let limit: Int?
    private let clients = Mutex<[ObjectIdentifier: Client]>([:])

    /// - Parameter idleTimeout: `Configuration.idleTimeout`; a request that is slow, and not idle, has twice that time.
    init(idleTimeout: Int) {
        limit = idleTimeout > 0 ? idleTimeout.multipliedReportingOverflow(by: 2).partialValue : nil
    }

    func opened(_ client: Client) { clients.withLock { $0[ObjectIdentifier(client)] = client } }

    /// To be called before the connection's socket is closed, whose number another one may then get.
    func closed(_ client: Client) { clients.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(client)) } }

    /// How many connections have a request at hand.
    var busy: Int { clients.withLock { $0.values.count(where: \.isBusy) } }

    /// Ends the connections that have waited for too long; their workers find them closed by the other side.
    func endOverdue() {
        guard let limit else { return }
        let now = Waiting.now
        clients.withLock { clients in
            for client in clients.values {
                if let since = client.waitingSince(now), now - since > limit {
                    shutdown(client.socket, Int32(SHUT_RDWR))
                }
            }
        }
    }

    /// In seconds since the system started.
    private static var now: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
        return time.tv_sec
    }
}
