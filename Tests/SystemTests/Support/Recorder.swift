import Foundation
import Glibc
import Synchronization

/// A port of the loopback that passes on all that is said to a daemon, and keeps it.
final class Recorder: Sendable {
    let url: String
    private let listener: Int32
    private let heard = Heard()

    init(_ daemon: Daemon) throws {
        guard let target = URL(string: daemon.url)?.port.flatMap(UInt16.init(exactly:)) else {
            throw POSIXError(.EINVAL)
        }
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { [listener] in
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound, listen(listener, 16) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        Thread.detachNewThread { [listener, heard] in
            while case let near = accept(listener, nil, nil), near >= 0 {
                var address = Self.loopback(target)
                let far = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
                let isConnected = withUnsafePointer(to: &address) {
                    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        connect(far, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                    }
                }
                guard isConnected else { continue }
                Thread.detachNewThread { Self.pump(from: near, to: far, heard) }
                Thread.detachNewThread { Self.pump(from: far, to: near, nil) }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// All that was said to the daemon.
    var text: String { String(decoding: heard.bytes.withLock { $0 }, as: UTF8.self) }

    private final class Heard: Sendable {
        let bytes = Mutex<[UInt8]>([])
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return address
    }

    private static func pump(from source: Int32, to target: Int32, _ heard: Heard?) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = recv(source, &buffer, buffer.count, 0), count > 0 {
            heard?.bytes.withLock { $0 += buffer[..<count] }
            guard send(target, buffer, count, Int32(MSG_NOSIGNAL)) == count else { break }
        }
        shutdown(target, Int32(SHUT_WR))
    }
}
