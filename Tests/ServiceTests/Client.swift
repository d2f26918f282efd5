import Formats
import Foundation
import Glibc
import OrderedCollections
import Synchronization
import Tree

/// What a server answered.
struct Reply: Sendable {
    let status: Int
    let headers: [(name: String, value: String)]
    let body: [UInt8]

    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON; null if it is none, which no test expects.
    var json: Value { (try? JSON.decode(body)) ?? .null }

    subscript(key: String) -> Value? { json.map?[key] }

    /// The sentence of a problem document.
    var detail: String { self["detail"]?.string ?? text }

    var revision: Int? { header("X-Headwater-Revision").flatMap { Int($0) } }
}

/// Sends one request on a connection of its own, byte by byte as it is told to.
struct Client: Sendable {
    let port: UInt16

    /// Blocks a thread of its own, not one of Swift's pool, which the service needs to answer.
    func send(
        _ method: String, _ target: String, headers: [(String, String)] = [], body: [UInt8] = []
    ) async throws -> Reply {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if !body.isEmpty || ["POST", "PUT", "PATCH"].contains(method) { head += "Content-Length: \(body.count)\r\n" }
        let bytes = Array((head + "\r\n").utf8) + body
        let port = port
        let received: [UInt8] = try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try Client.exchange(bytes, port) }) }
        }
        return try Reply(parsing: received)
    }

    /// A socket that is connected to the server; to be closed.
    static func connect(_ port: UInt16) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw ClientError(what: "socket", code: errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else {
            defer { close(descriptor) }
            throw ClientError(what: "connect", code: errno)
        }
        return descriptor
    }

    private static func exchange(_ bytes: [UInt8], _ port: UInt16) throws -> [UInt8] {
        let descriptor = try connect(port)
        defer { close(descriptor) }
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            // The server may answer, and close, before it has read all.
            guard count > 0 else { break }
            sent += count
        }
        var received: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(descriptor, &part, part.count, 0)
            guard count > 0 else { break }
            received += part[..<count]
            // A stream of events has no end: its head is its answer.
            let text = String(decoding: received.prefix(4_096), as: UTF8.self)
            if let end = text.range(of: "\r\n\r\n"), text.contains("text/event-stream") {
                return Array(text[..<end.upperBound].utf8)
            }
        }
        return received
    }
}

extension Reply {
    init(parsing bytes: [UInt8]) throws {
        guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: [13, 10, 13, 10]) }) else {
            throw ClientError(what: "no head in an answer of \(bytes.count) bytes", code: 0)
        }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).components(separatedBy: "\r\n")
        status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        headers = lines.dropFirst().compactMap { line in
            let halves = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2 else { return nil }
            return (String(halves[0]), halves[1].trimmingCharacters(in: .whitespaces))
        }
        body = Array(bytes[(end + 4)...])
    }
}

struct ClientError: Error, CustomStringConvertible {
    let what: String
    let code: Int32

    var description: String { "\(what): \(String(cString: strerror(code)))" }
}
