import Foundation
import Glibc

/// A connection on which anything can be sent.
protocol RawLine: Sendable {
    /// Sends all of some bytes.
    /// - Returns: whether the other side took them.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool

    func readToEnd() -> [UInt8]?
}

/// A TCP connection on which anything can be sent, or nothing.
final class RawConnection: RawLine {
    let descriptor: Int32

    /// - Parameter url: `http://127.0.0.1:PORT`, or with `https`.
    init(_ url: String) throws {
        guard let port = URL(string: url)?.port.flatMap(UInt16.init(exactly:)) else { throw POSIXError(.EINVAL) }
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard descriptor >= 0, connected == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        var timeout = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        // Each piece that is sent is a packet of its own.
        var yes: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(descriptor) }

    /// Sends all of a text.
    /// - Returns: whether the other side took it.
    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// Whether something has come that was not read yet.
    var hasReceived: Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) == 1
    }

    /// Says that nothing more will be sent, and goes on listening.
    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Reads until the other side closes the connection, or 30 seconds have brought nothing.
    /// - Returns: what came; nil if the connection is still open.
    func readToEnd() -> [UInt8]? {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &part, part.count, 0)
            if count > 0 {
                bytes += part[..<count]
            } else {
                // A connection that is reset is closed as well.
                return count == 0 || errno == ECONNRESET ? bytes : nil
            }
        }
    }

    /// The same as a text.
    func readTextToEnd() async throws -> String? {
        try await blocking { self.readToEnd().map { String(decoding: $0, as: UTF8.self) } }
    }
}
