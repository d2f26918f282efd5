import Foundation
import Glibc
import Synchronization

/// A socket of the file system that does with connections what a test wants.
public final class ListeningSocket: Sendable {
    public let path: String
    private let listener: CInt
    /// Both ends of what is relayed.
    private let relayed = Mutex<[CInt]>([])
    private let isClosed = Mutex(false)

    /// Takes connections and never says a word.
    ///
    /// - Parameter path: where; nil: at a free one.
    public init(at path: String? = nil) throws {
        self.path = path ?? "/tmp/headwater-\(UInt32.random(in: 0 ... .max)).sock"
        listener = Self.open()
        let bound = Self.withAddress(of: self.path) { bind(listener, $0, $1) }
        guard bound == 0, listen(listener, 16) == 0 else {
            throw POSIXError(POSIXError.Code(rawValue: errno) ?? .EIO)
        }
    }

    /// Passes on all that is said to the socket at `target` and back, until `cut` is called.
    public convenience init(at path: String? = nil, relayingTo target: String) throws {
        try self.init(at: path)
        Thread.detachNewThread { [listener] in
            while case let near = accept(listener, nil, nil), near >= 0 {
                let far = Self.open()
                guard Self.withAddress(of: target, { connect(far, $0, $1) }) == 0 else { continue }
                self.keep(near, far)
                Thread.detachNewThread { Self.pump(from: near, to: far) }
                Thread.detachNewThread { Self.pump(from: far, to: near) }
            }
        }
    }

    /// Cuts every connection, and says how many there were. New ones are taken as before.
    public func cut() -> Int {
        relayed.withLock { descriptors in
            for descriptor in descriptors { shutdown(descriptor, CInt(SHUT_RDWR)) }
            defer { descriptors = [] }
            return descriptors.count / 2
        }
    }

    /// Takes no more connections and cuts those that there are.
    public func close() {
        shutdown(listener, CInt(SHUT_RDWR))
        unlink(path)
        isClosed.withLock { $0 = true }
        _ = cut()
    }

    /// What was taken at the moment of the end is cut as well.
    private func keep(_ near: CInt, _ far: CInt) {
        relayed.withLock { $0 += [near, far] }
        if isClosed.withLock({ $0 }) { _ = cut() }
    }

    private static func open() -> CInt { socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0) }

    private static func pump(from source: CInt, to target: CInt) {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while case let count = read(source, &buffer, buffer.count), count > 0 {
            guard send(target, buffer, count, CInt(MSG_NOSIGNAL)) == count else { break }
        }
        shutdown(target, CInt(SHUT_RDWR))
    }

    private static func withAddress<Result>(
        of path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
