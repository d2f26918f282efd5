import Formats
import OrderedCollections
import Tree

/// Reads the members of a request's body; what is not read is refused.
struct Members {
    let map: Map
    private let what: String
    private var read: [Key] = []

    /// - Parameter what: what the body is called in messages.
    init(_ body: Value, _ what: String) throws(ServiceError) {
        guard case .map(let map) = body else {
            throw .badRequest("expected \(what) to be a map, found \(body.kind)")
        }
        self.map = map
        self.what = what
    }

    mutating func value(_ name: Key) -> Value? {
        if !read.contains(name) { read.append(name) }
        return map[name]
    }

    mutating func string(_ name: Key) throws(ServiceError) -> String? {
        guard let value = value(name) else { return nil }
        guard case .string(let text) = value else { throw wrong(name, "a string", value) }
        return text
    }

    mutating func bool(_ name: Key) throws(ServiceError) -> Bool? {
        guard let value = value(name) else { return nil }
        guard case .bool(let truth) = value else { throw wrong(name, "true or false", value) }
        return truth
    }

    mutating func number(_ name: Key) throws(ServiceError) -> Int? {
        guard let value = value(name) else { return nil }
        guard let number = value.integer, number >= 0 else { throw wrong(name, "a number from 0 upward", value) }
        return number
    }

    mutating func members(_ name: Key) throws(ServiceError) -> Map? {
        guard let value = value(name) else { return nil }
        guard case .map(let map) = value else { throw wrong(name, "a map", value) }
        return map
    }

    mutating func list(_ name: Key) throws(ServiceError) -> [Value]? {
        guard let value = value(name) else { return nil }
        guard case .list(let list) = value else { throw wrong(name, "a list", value) }
        return list
    }

    mutating func kind(_ name: Key = "kind") throws(ServiceError) -> Kind? {
        guard let value = value(name) else { return nil }
        guard let kind = value.string.flatMap(Kind.init) else { throw wrong(name, "\"folder\" or \"vm\"", value) }
        return kind
    }

    /// Refuses what was not read.
    func end() throws(ServiceError) {
        guard let unknown = map.keys.first(where: { !read.contains($0) }) else { return }
        let hint = Spelling.nearest(to: unknown, among: read).map { "did you mean \"\($0)\"?" }
        throw .badRequest(
            "\(what): unknown member \"\(unknown)\"; \(hint ?? "expected \(read.sorted().map(\.text).joined(separator: ", "))")"
        )
    }

    private func wrong(_ name: Key, _ expected: String, _ found: Value) -> ServiceError {
        .badRequest("\(what): expected \"\(name)\" to be \(expected), found \(found.summary)")
    }
}

/// The body of a PUT.
struct PutRequest: Sendable {
    let kind: Kind?
    let definition: Map

    init(kind: Kind?, definition: Map) {
        self.kind = kind
        self.definition = definition
    }

    init(_ body: Value) throws(ServiceError) {
        var members = try Members(body, "the entry")
        kind = try members.kind()
        definition = try members.members("definition") ?? [:]
        try members.end()
    }

    /// The same, for a target whose kind its address may tell.
    func of(_ target: Target) -> PutRequest {
        if case .common = target { PutRequest(kind: .folder, definition: definition) } else { self }
    }
}

extension Map {
    /// This definition, if it can be read back from JSON: patches may make more of it than one document may hold.
    func readable() throws(ServiceError) -> Map {
        do {
            _ = try JSON.decode(JSON.encode(.map(self)), limits: Limits(depth: Limits.maximumDepth))
            return self
        } catch {
            throw .tooMany("the definition as patched would be too large: \(error.message)")
        }
    }

    /// This map with a merge patch applied (RFC 7396): null removes, maps merge, anything else replaces.
    func patched(with patch: Map) -> Map {
        var result = self
        for (key, value) in patch {
            switch value {
            case .null: result[key] = nil
            case .map(let inner): result[key] = .map((result[key]?.map ?? [:]).patched(with: inner))
            default: result[key] = value
            }
        }
        return result
    }
}
