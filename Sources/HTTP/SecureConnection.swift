import Glibc
import Synchronization
import TLS

/// The TLS of an open connection, and what its other side has proved.
final class SecureConnection: Sendable {
    /// Those of the handshake, which GnuTLS uses for as long as the connection lives.
    private let credentials: Credentials
    private let session: OpaqueSession
    private let last = Mutex<Verification?>(nil)

    /// GnuTLS's handle; used by the connection's worker, and by whoever keeps the connection suspended.
    private struct OpaqueSession: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    private struct Verification {
        let credentials: Credentials
        /// In seconds since the system started.
        let time: Int
        let peer: Peer
    }

    /// Seconds for which a verification holds, so that a certificate does not outlive its time on an open connection.
    private static let lifetime = 30

    /// To be called before the handshake.
    init(_ session: OpaquePointer, _ credentials: Credentials) {
        self.session = OpaqueSession(pointer: session)
        self.credentials = credentials
        credentials.use(in: session)
    }

    /// What the other side's certificate proves to those who believe what `current` says: a certificate that was revoked
    /// since the handshake proves nothing any more.
    func peer(_ current: Credentials) -> Peer {
        let now = SecureConnection.now
        return last.withLock { last in
            if let last, last.credentials === current, now - last.time < SecureConnection.lifetime { return last.peer }
            let peer = current.peer(of: session.pointer)
            last = Verification(credentials: current, time: now, peer: peer)
            return peer
        }
    }

    /// Sends the last bytes of the connection past libmicrohttpd; to be called on its worker.
    func finish(with bytes: [UInt8]) { Records.finish(session.pointer, with: bytes) }

    /// Sends some bytes past libmicrohttpd, to whom the connection is suspended meanwhile.
    func send(_ bytes: [UInt8]) { Records.send(session.pointer, bytes) }

    private static var now: Int {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return time.tv_sec
    }
}
