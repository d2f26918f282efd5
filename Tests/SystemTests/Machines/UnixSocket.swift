import Foundation
import Glibc

/// A stream socket of this host, named by a file.
struct UnixSocket: Sendable {
    private let descriptor: Int32

    /// Takes connections at a path that is free.
    static func listening(at path: String) throws -> UnixSocket {
        let made = try UnixSocket(path, bind)
        guard listen(made.descriptor, 64) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        return made
    }

    static func connected(to path: String) throws -> UnixSocket { try UnixSocket(path, connect) }

    private init(_ path: String, _ join: (Int32, UnsafePointer<sockaddr>?, socklen_t) -> Int32) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let joined = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                join(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard joined == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// The next connection; nil when the socket was closed.
    func next() -> UnixSocket? {
        let taken = accept(descriptor, nil, nil)
        return taken >= 0 ? UnixSocket(descriptor: taken) : nil
    }

    /// Exactly so many bytes; nil if they end before.
    func read(_ count: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(count, 65_536))
        while bytes.count < count {
            let received = Glibc.read(descriptor, &chunk, min(chunk.count, count - bytes.count))
            guard received > 0 else { return nil }
            bytes += chunk.prefix(received)
        }
        return bytes
    }

    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { return }
            rest = rest.dropFirst(sent)
        }
    }

    /// Wakes who reads or accepts; nothing comes or goes any more.
    func shut() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    func close() { Glibc.close(descriptor) }
}
