import Secrets
import Store
import Testing

extension Daemon {
    /// Runs a daemon that knows tokens of people who are no superusers; `body` gets them by their names.
    static func run(
        people: [String], _ body: (Daemon, [String: API]) async throws -> Void
    ) async throws {
        let scratch = try Scratch()
        // The first start makes the superuser's token, and no later one.
        try await start(in: scratch).end()
        let store = try SQLiteStore(file: scratch.file("state/headwater.sqlite"))
        var tokens: [String: String] = [:]
        for name in people {
            let token = try Token.random()
            _ = try store.add(TokenRecord(hash: token.hash.bytes, principal: name, created: 0))
            tokens[name] = token.reveal()
        }
        try store.close()
        try await run(in: scratch) { daemon in
            try await body(daemon, tokens.mapValues { API(url: daemon.url, token: $0) })
        }
    }
}
