import Glibc

/// Clients that go away while their answers are worked on.
extension Engine {
    /// Cancels the work for clients that have gone; to be called about once a second. libmicrohttpd does not look at
    /// connections that are suspended.
    func noticeDepartures() {
        let exchanges = waitingExchanges
        guard !exchanges.isEmpty else { return }
        // The number of a socket that was closed meanwhile may be another one's; its exchange is not suspended any more, and
        // takes no notice.
        var sockets = exchanges.map { pollfd(fd: $0.socket, events: Engine.halfClosed, revents: 0) }
        guard poll(&sockets, nfds_t(sockets.count), 0) > 0 else { return }
        for (exchange, socket) in zip(exchanges, sockets) where socket.revents != 0 {
            if socket.revents == Engine.halfClosed { exchange.probe() } else { exchange.abandon() }
        }
    }

    /// POLLRDHUP of poll(2), which glibc shows to GNU sources only.
    private static let halfClosed: Int16 = 0x2000
}
