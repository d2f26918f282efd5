import Formats
import Foundation
import OrderedCollections
import Testing
import Tree

/// A caller of the service.
struct API: Sendable {
    let url: String
    var token: String?

    /// Asks, on a connection of its own, and takes whatever comes.
    ///
    /// Not through URLSession, which waits forever at a 401 (swift-corelibs-foundation issue 5456).
    func send(
        _ method: String, _ path: String, _ body: [UInt8]? = nil, type: String? = nil, headers: [String: String] = [:]
    ) async throws -> Answer {
        var lines = ["\(method) \(path) HTTP/1.1", "Host: localhost", "Connection: close"]
        if let body { lines.append("Content-Length: \(body.count)") }
        if let token { lines.append("Authorization: Bearer \(token)") }
        if let type { lines.append("Content-Type: \(type)") }
        lines += headers.map { "\($0): \($1)" }
        let request = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + (body ?? [])
        let received = try await blocking {
            let connection = try RawConnection(url)
            connection.send(request)
            return connection.readToEnd()
        }
        guard let received else { throw NoAnswer(description: "\(method) \(path): no answer within 30 s") }
        guard let answer = Answer(received) else {
            throw NoAnswer(description: "\(method) \(path): the connection was closed without an answer")
        }
        return answer
    }

    /// Sends a value as JSON.
    func send(_ method: String, _ path: String, _ body: Value) async throws -> Answer {
        try await send(method, path, JSON.encode(body), type: "application/json")
    }

    /// The document at a path, which must be there.
    func get(_ path: String, sourceLocation: SourceLocation = #_sourceLocation) async throws -> Value {
        let answer = try await send("GET", path)
        try #require(answer.status == 200, "GET \(path): \(answer.text)", sourceLocation: sourceLocation)
        return try answer.json
    }

    /// Makes or replaces an entry.
    @discardableResult
    func put(
        _ path: String, _ kind: String = "vm", _ definition: Value = [:], query: String = "?parents=true",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        let answer = try await send(
            "PUT", "/v1/tree\(path)\(query)", ["kind": .string(kind), "definition": definition])
        try #require((200...201).contains(answer.status), "PUT \(path): \(answer.text)", sourceLocation: sourceLocation)
        return answer
    }

    /// How many answers a route has given, of all statuses, as `/metrics` counts them.
    func count(route: String) async throws -> Int {
        let text = try await send("GET", "/metrics").text
        return text.split(separator: "\n").filter { $0.contains("route=\"\(route)\"") }
            .compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }.reduce(0, +)
    }
}

/// A request that got no answer.
struct NoAnswer: Error, CustomStringConvertible {
    let description: String
}
