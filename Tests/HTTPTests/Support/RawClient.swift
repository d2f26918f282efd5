import Foundation
import Glibc
import HTTP

/// A client that sends what it is told to, byte for byte, over a socket of its own.
///
/// It waits by giving way to other tasks, never by blocking, since the server's suspended answers need threads as well.
final class RawClient: Sendable {
    private let descriptor: Int32

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Connects to the server on loopback.
    init(_ server: Server) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = server.port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        guard status == 0 else { throw Failure(description: "connect: \(String(cString: strerror(errno)))") }
    }

    deinit {
        close(descriptor)
    }

    /// Sends text; what the other side no longer takes is lost without an error.
    func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) async throws { _ = try await sendsAll(bytes) }

    /// Sends some bytes. What the system does not take at once goes from a thread of its own, for a task would stand still
    /// while other tests use the pool, and the server gives up a client that stands still.
    /// - Returns: whether the other side took all of them.
    func sendsAll(_ bytes: [UInt8]) async throws -> Bool {
        let sent = bytes.withUnsafeBytes {
            Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        }
        if sent == bytes.count { return true }
        guard sent > 0 || errno == EAGAIN else { return false }
        let rest = Array(bytes.dropFirst(max(sent, 0)))
        return await withCheckedContinuation { (done: CheckedContinuation<Bool, Never>) in
            Thread.detachNewThread { [self] in done.resume(returning: sendsAllBlocking(rest)) }
        }
    }

    /// Sends a piece again and again, then an end, until the other side takes no more.
    ///
    /// A thread of its own sends, for the pace is what is tested: a task would stand still while other tests use the pool.
    /// - Parameter interval: milliseconds from one piece to the next.
    func sendSteadily(_ piece: String, times: Int, every interval: UInt32, end: String) async {
        await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
            Thread.detachNewThread { [self] in
                defer { done.resume() }
                for _ in 0..<times {
                    guard sendsAllBlocking(Array(piece.utf8)) else { return }
                    usleep(interval * 1_000)
                }
                _ = sendsAllBlocking(Array(end.utf8))
            }
        }
    }

    private func sendsAllBlocking(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    /// Says that nothing more will be sent, and goes on listening.
    func halfClose() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Goes away at once, with a reset (connect(2), on AF_UNSPEC).
    func abort() {
        var nowhere = sockaddr()
        connect(descriptor, &nowhere, socklen_t(MemoryLayout<sockaddr>.size))
    }

    /// What has arrived next; empty when the other side has closed. Fails after 20 seconds without a byte.
    func receive() async throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        for round in 0..<20_000 {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count >= 0 { return Array(buffer.prefix(count)) }
            guard errno == EAGAIN else { return [] }
            if round < 50 { await Task.yield() } else { try await Task.sleep(for: .milliseconds(1)) }
        }
        throw Failure(description: "nothing arrived")
    }

    /// All that arrives until the other side closes.
    func receiveAll() async throws -> String {
        var bytes: [UInt8] = []
        while true {
            let more = try await receive()
            if more.isEmpty { return String(decoding: bytes, as: UTF8.self) }
            bytes += more
        }
    }

    /// What arrives up to this text, which must be the end of it.
    func receive(through end: String) async throws -> String {
        var bytes: [UInt8] = []
        while !bytes.ends(with: end.utf8) {
            let more = try await receive()
            guard !more.isEmpty else { throw Failure(description: "closed after \(bytes.count) bytes") }
            bytes += more
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The next `count` answers, and not a byte more.
    func replies(_ count: Int, toHead: Bool = false) async throws -> [Reply] {
        var bytes: [UInt8] = []
        var replies: [Reply] = []
        while true {
            while replies.count < count, let (reply, size) = Reply.parse(bytes, toHead: toHead) {
                replies.append(reply)
                bytes.removeFirst(size)
            }
            if replies.count == count {
                guard bytes.isEmpty else {
                    throw Failure(description: "more came: \(String(decoding: bytes, as: UTF8.self))")
                }
                return replies
            }
            let more = try await receive()
            guard !more.isEmpty else {
                throw Failure(
                    description: "closed after \(replies.count) answers and \(String(decoding: bytes, as: UTF8.self))")
            }
            bytes += more
        }
    }

    func reply(toHead: Bool = false) async throws -> Reply {
        let replies = try await replies(1, toHead: toHead)
        guard let reply = replies.first else { throw Failure(description: "no answer") }
        return reply
    }
}

extension [UInt8] {
    fileprivate func ends(with end: String.UTF8View) -> Bool { suffix(end.count).elementsEqual(end) }
}
