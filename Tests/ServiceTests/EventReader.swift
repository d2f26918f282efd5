import Formats
import Foundation
import Glibc
import HTTP
import OrderedCollections
import Synchronization
import Tree

/// A client that reads an event stream over a socket of its own, without blocking a thread of Swift's pool.
final class EventReader: Sendable {
    /// What came between two blank lines.
    struct Block: Hashable, Sendable {
        var id: String?
        var event: String?
        var data: Value?
        var comments: [String] = []
    }

    private let descriptor: Int32
    private let state = Mutex(State())

    private struct State {
        var bytes: [UInt8] = []
        /// The text without the chunks' sizes, as far as it is not a whole block.
        var text = ""
        var head: String?
        var blocks: [Block] = []
        var isOver = false
    }

    init(_ site: Site, _ query: String = "", token: String? = nil, lastEventID: String? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = site.server.port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw ClientError(what: "connect", code: errno) }
        var head = "GET /v1/events\(query) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token ?? site.token)\r\n"
        if let lastEventID { head += "Last-Event-ID: \(lastEventID)\r\n" }
        let bytes = Array((head + "\r\n").utf8)
        guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw ClientError(what: "send", code: errno)
        }
    }

    deinit {
        close(descriptor)
    }

    /// The status line and the headers.
    func head() async throws -> String {
        try await until { $0.head }
    }

    /// The next block that holds an event.
    func next() async throws -> Block {
        try await until { state in
            while !state.blocks.isEmpty {
                let block = state.blocks.removeFirst()
                if block.event != nil { return block }
            }
            return nil
        }
    }

    /// The next block, whatever it holds.
    func block() async throws -> Block {
        try await until { $0.blocks.isEmpty ? nil : $0.blocks.removeFirst() }
    }

    /// The events up to the one that satisfies a condition.
    func events(through isLast: (Block) -> Bool) async throws -> [Block] {
        var events: [Block] = []
        repeat { events.append(try await next()) } while events.last.map(isLast) == false
        return events
    }

    /// All blocks up to the end of the stream, which must come.
    func rest() async throws -> [Block] {
        try await until { $0.isOver ? $0.blocks : nil }
    }

    private func until<Found>(_ find: (inout State) -> Found?) async throws -> Found {
        for round in 0..<20_000 {
            let (found, isOver) = state.withLock { state in
                read(&state)
                return (find(&state), state.isOver)
            }
            if let found { return found }
            if isOver { break }
            if round < 20 { await Task.yield() } else { try await Task.sleep(for: .milliseconds(1)) }
        }
        throw ClientError(what: "the stream ended, or nothing came: \(state.withLock { $0.text })", code: 0)
    }

    private func read(_ state: inout State) {
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = recv(descriptor, &part, part.count, Int32(MSG_DONTWAIT)), count >= 0 {
            if count == 0 { state.isOver = true }
            guard count > 0 else { break }
            state.bytes += part[..<count]
        }
        if state.head == nil, let end = state.bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
            state.head = String(decoding: state.bytes[..<end.lowerBound], as: UTF8.self)
            state.bytes.removeFirst(end.upperBound)
        }
        guard state.head != nil else { return }
        while let end = state.bytes.firstRange(of: [13, 10]) {
            guard let size = Int(String(decoding: state.bytes[..<end.lowerBound], as: UTF8.self), radix: 16),
                state.bytes.count >= end.upperBound + size + 2
            else { break }
            if size == 0 { state.isOver = true }
            state.text += String(decoding: state.bytes[end.upperBound..<end.upperBound + size], as: UTF8.self)
            state.bytes.removeFirst(end.upperBound + size + 2)
        }
        let blocks = state.text.components(separatedBy: "\n\n")
        state.text = blocks.last ?? ""
        state.blocks += blocks.dropLast().map(EventReader.parse)
    }

    private static func parse(_ text: String) -> Block {
        var block = Block()
        for line in text.split(separator: "\n") {
            if line.hasPrefix("id: ") { block.id = String(line.dropFirst(4)) }
            if line.hasPrefix("event: ") { block.event = String(line.dropFirst(7)) }
            if line.hasPrefix("data: ") { block.data = try? JSON.decode(Array(line.dropFirst(6).utf8)) }
            if line.hasPrefix(": ") { block.comments.append(String(line.dropFirst(2))) }
        }
        return block
    }
}

extension EventReader.Block {
    subscript(key: String) -> Value? { data?.map?[key] }
}
