import Glibc
import Synchronization

/// The open connections, and since when each has waited for a request.
///
/// libmicrohttpd counts neither the time of a TLS handshake nor that of a head which comes a byte at a time, so a client
/// could keep a connection for as long as it liked; a body that comes a byte at a time keeps it as well. Here all have an end.
final class Waiting: Sendable {
    /// Nil: without end.
    private let limit: Int?
    /// Bytes of a body that have to come in a second, once `limit` is over; nil: none.
    private let rate: Int?
    private let clients = Mutex<[ObjectIdentifier: Client]>([:])

    /// - Parameters:
    ///   - idleTimeout: `Configuration.idleTimeout`; a request that is slow, and not idle, has twice that time.
    ///   - bodyRate: `Configuration.bodyRate`.
    init(idleTimeout: Int, bodyRate: Int) {
        rate = bodyRate > 0 ? bodyRate : nil
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
            for client in clients.values where isOverdue(client, now, limit) {
                shutdown(client.socket, Int32(SHUT_RDWR))
            }
        }
    }

    private func isOverdue(_ client: Client, _ now: Int, _ limit: Int) -> Bool {
        if let since = client.waitingSince(now) { return now - since > limit }
        guard let rate, let body = client.body else { return false }
        return now - body.since - limit > body.count / rate
    }

    /// In seconds since the system started.
    static var now: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
        return time.tv_sec
    }
}
