// Which of the two modules the constants of sockets belong to is decided by what the compiler has read before.
import CMicroHTTPD
import Dispatch
import Glibc
import Synchronization

/// Connections that the server has ended and whose clients may still be sending.
///
/// A socket that is closed while bytes lie in it unread resets its connection: a client that writes all of its request before
/// it reads finds that broken, and not the answer (RFC 9112 §9.6). Such sockets are kept here, and what comes is dropped, until
/// the client closes as well, or has been given long enough.
final class Lingering: Sendable {
    fileprivate struct Socket {
        let descriptor: Int32
        /// When it is given up, whatever comes, and when, if nothing does.
        let end: ContinuousClock.Instant
        var pause: ContinuousClock.Instant
    }

    fileprivate struct State {
        var sockets: [Socket] = []
        var isRead = false
        /// No more are taken.
        var isClosed = false
    }

    private let state = Mutex(State())
    /// Reads on a thread of its own: tasks would wait for others that keep the pool busy.
    private let queue = DispatchQueue(label: "headwater.lingering")

    /// How many are kept; more are closed at once.
    private static let limit = 256
    /// As long as nginx does by default (`lingering_time`, `lingering_timeout`).
    private static let time = Duration.seconds(30)
    private static let pause = Duration.seconds(5)
    /// Bytes that are dropped of one socket before the next one's turn.
    private static let turn = 4 << 20

    /// Takes over a connection that is about to be closed.
    func take(over socket: Int32) {
        let descriptor = fcntl(socket, F_DUPFD_CLOEXEC, 0)
        guard descriptor >= 0 else { return }
        shutdown(descriptor, Int32(SHUT_WR))
        let now = ContinuousClock.now
        let added = Socket(descriptor: descriptor, end: now + Lingering.time, pause: now + Lingering.pause)
        let (isTaken, isFirst) = state.withLock { state in
            guard !state.isClosed, state.sockets.count < Lingering.limit else { return (false, false) }
            state.sockets.append(added)
            defer { state.isRead = true }
            return (true, !state.isRead)
        }
        if !isTaken { close(descriptor) }
        if isFirst { queue.async { [self] in read() } }
    }

    /// Closes all, and takes no more.
    func end() {
        state.withLock { state in
            state.isClosed = true
            for socket in state.sockets { close(socket.descriptor) }
            state.sockets = []
        }
    }

    /// Reads as long as there is something to read.
    private func read() {
        guard state.withLock({ $0.read() }) else { return }
        queue.asyncAfter(deadline: .now() + .milliseconds(5)) { [self] in read() }
    }
}

extension Lingering.State {
    /// Drops what has come, and closes what is over; false if none is left.
    fileprivate mutating func read() -> Bool {
        let now = ContinuousClock.now
        sockets = sockets.compactMap { socket in
            var socket = socket
            guard now < socket.end, socket.drop(at: now), now < socket.pause else {
                close(socket.descriptor)
                return nil
            }
            return socket
        }
        isRead = !sockets.isEmpty
        return isRead
    }
}

extension Lingering.Socket {
    /// Drops what has come; false if the client has closed.
    fileprivate mutating func drop(at now: ContinuousClock.Instant) -> Bool {
        // Nothing is copied (tcp(7), MSG_TRUNC).
        let flags = Int32(MSG_DONTWAIT | MSG_TRUNC)
        let count = recv(descriptor, nil, Lingering.turn, flags)
        if count > 0 { pause = now + Lingering.pause }
        return count > 0 || (count < 0 && errno == EAGAIN)
    }
}
