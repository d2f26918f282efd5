import Foundation
import Glibc

/// A connection that is kept from request to request, as the tools' own clients do; requests go one after the other.
final class KeptConnection: Sendable {
    private let descriptor: Int32

    init(port: UInt16) throws {
        descriptor = try Client.connect(port)
    }

    deinit {
        close(descriptor)
    }

    /// Blocks a thread of its own, not one of Swift's pool, which the service needs to answer.
    func send(_ method: String, _ target: String, headers: [(String, String)] = []) async throws -> Reply {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        let bytes = Array((head + "\r\n").utf8)
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { [self] in
                continuation.resume(with: Result { try exchange(bytes, hasBody: method != "HEAD") })
            }
        }
    }

    private func exchange(_ bytes: [UInt8], hasBody: Bool) throws -> Reply {
        guard Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw ClientError(what: "send", code: errno)
        }
        var received: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            if let reply = try? Reply(parsing: received) {
                let length = hasBody ? reply.header("Content-Length").flatMap { Int($0) } ?? 0 : 0
                if reply.body.count >= length { return reply }
            }
            let count = recv(descriptor, &part, part.count, 0)
            guard count > 0 else { throw ClientError(what: "closed after \(received.count) bytes", code: errno) }
            received += part[..<count]
        }
    }
}
