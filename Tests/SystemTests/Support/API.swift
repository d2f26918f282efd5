import Formats
import Foundation
import FoundationNetworking
import OrderedCollections
import Testing
import Tree

/// A caller of the service.
struct API: Sendable {
    let url: String
    var token: String?

    struct Answer: Sendable {
        let status: Int
        let headers: [String: String]
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
        /// The body read as JSON; null if there is none.
        var json: Value {
            get throws { body.isEmpty ? .null : try JSON.decode(body) }
        }
        /// What a problem document says.
        var detail: String? { (try? json)?["detail"]?.string }
        var revision: Int? { headers["x-headwater-revision"].flatMap { Int($0) } }
    }

    /// Asks, and takes whatever comes.
    func send(
        _ method: String, _ path: String, _ body: [UInt8]? = nil, type: String? = nil, headers: [String: String] = [:]
    ) async throws -> Answer {
        var request = URLRequest(url: try #require(URL(string: url + path)))
        request.httpMethod = method
        request.httpBody = body.map { Data($0) }
        request.timeoutInterval = 60
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        if let type { request.setValue(type, forHTTPHeaderField: "Content-Type") }
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        let (data, response) = try await API.session.data(for: request)
        let answer = try #require(response as? HTTPURLResponse)
        let fields = answer.allHeaderFields.compactMap { name, value in
            (name as? String).map { ($0.lowercased(), "\(value)") }
        }
        return Answer(
            status: answer.statusCode, headers: Dictionary(fields) { _, last in last }, body: Array(data))
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

    /// Nothing is kept between requests: each asks anew.
    private static let session: URLSession = {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.urlCache = nil
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        configuration.httpMaximumConnectionsPerHost = 8
        return URLSession(configuration: configuration)
    }()
}
