import Access
import HTTP
import OrderedCollections
import Secrets
import Store
import Tree

/// Tokens: one's own, and to a superuser all.
enum TokenRoutes {
    static let all: [ServiceRoute] = [
        .list("/v1/tokens", .known, "one's tokens, oldest first; to a superuser everybody's", []) { call in
            call.answer(["tokens": .list(tokens(call).map { .map($0.document) })])
        },
        .read(.get, "/v1/tokens/{id}", .known, "a token; what lets in is shown once, when it is made") {
            call throws(ServiceError) in
            call.answer(.map(try token(call).document))
        },
        .secret(.post, "/v1/tokens", .known, "a new token, as wide as oneself or narrower", [], add),
        .wait(.delete, "/v1/tokens/{id}", .known, "revoke a token, at once", [], remove),
    ]

    private static func add(_ call: Call, _ body: Value) async throws(ServiceError) -> Response {
        try call.requireWhole()
        let request = try TokenRequest(body)
        let principal = call.principal
        let owner = request.owner ?? principal.name
        guard owner == principal.name || principal.isSuperuser else {
            throw .forbidden("only a superuser makes tokens for others")
        }
        try checkBounds(request.bounds, call)
        if let end = call.tokenExpiry, request.expires ?? .max > end {
            throw .forbidden("a token made with a token ends no later than that one: at \(Clock.text(end))")
        }
        let token = try ServiceError.drawing { () throws(SecretsError) in try Token.random() }
        let stored = try await call.parts.registrar.change(call.trail) { directory, store, audit throws(ServiceError) in
            guard directory.users[owner] != nil || owner == principal.name else {
                throw .badRequest("owner: there is no user \"\(owner.prefix(AccountName.longest))\"")
            }
            let record = TokenRecord(
                hash: token.hash.bytes, principal: owner,
                isSuperuser: directory.users[owner] == nil && principal.isSuperuser, note: request.note,
                created: Clock.now, expires: request.expires, folder: request.bounds.folder?.description,
                rights: request.bounds.rights?.map(\.rawValue).sorted(), certname: request.bounds.certname)
            return try ServiceError.wrapping { () throws(StoreError) in try store.add(record, audit: audit) }
        }
        var document = stored.document
        document["token"] = .string(token.reveal())
        return call.answer(.map(document), status: 201, headers: [("Cache-Control", "no-store")])
    }

    private static func remove(_ call: Call) async throws(ServiceError) -> Response {
        let token = try token(call)
        // Whoever holds a token may always give it up.
        if !isOwn(token, call) { try call.requireWhole() }
        try await call.parts.registrar.change(call.trail) { _, store, audit throws(ServiceError) in
            let isGone = try ServiceError.wrapping { () throws(StoreError) in
                try store.removeToken(token.id, audit: audit)
            }
            guard isGone else { throw unknown("\(token.id)") }
        }
        return call.done()
    }

    /// Refuses bounds that mean nothing the caller may see: they would be a mistake, or tell what there is.
    private static func checkBounds(_ bounds: Bounds, _ call: Call) throws(ServiceError) {
        if let folder = bounds.folder {
            let entry = call.snapshot.tree[folder]?.entry
            guard let entry, call.sees(folder) else { throw .missing(folder) }
            guard entry.kind == .folder else { throw .badRequest("folder: \(folder) is no folder") }
        }
        if let certname = bounds.certname {
            let path = call.snapshot.index.path(of: certname)
            guard let path, call.sees(path) else { throw .unknownMachine(certname) }
        }
    }

    /// The tokens that the caller may know of. A narrowed one knows of itself.
    private static func tokens(_ call: Call) -> [TokenRecord] {
        call.parts.accounts.directory.tokenRecords.filter { token in
            if call.principal.isSuperuser { return true }
            if call.principal.bounds != .none { return isOwn(token, call) }
            return token.principal == call.principal.name && call.principal.authority != .machine
        }
    }

    private static func isOwn(_ token: TokenRecord, _ call: Call) -> Bool {
        guard case .token(let hash) = call.proof else { return false }
        return hash.bytes == token.hash
    }

    private static func token(_ call: Call) throws(ServiceError) -> TokenRecord {
        let text = call.parameters["id"] ?? ""
        // `self` is the one that the call is made with.
        let token = tokens(call).first { text == "self" ? isOwn($0, call) : String($0.id) == text }
        guard let token else { throw unknown(text) }
        return token
    }

    private static func unknown(_ id: String) -> ServiceError {
        .notFound("there is no token \"\(id)\"; tokens have numbers")
    }
}

extension TokenRecord {
    /// The token as people and programs see it: all but what lets in.
    var document: Map {
        var map: Map = ["id": .integer(id), "owner": .string(principal)]
        map["note"] = note.map(Value.string)
        map["folder"] = folder.map(Value.string)
        map["rights"] = rights.map { .list($0.map(Value.string)) }
        map["certname"] = certname.map(Value.string)
        map["created"] = .string(Clock.text(created))
        map["expires"] = expires.map { .string(Clock.text($0)) }
        map["used"] = used.map { .string(Clock.text($0)) }
        return map
    }
}

extension ServiceError {
    /// Calls what needs randomness.
    static func drawing<Result>(_ call: () throws(SecretsError) -> Result) throws(ServiceError) -> Result {
        do {
            return try call()
        } catch {
            throw .busy("\(error)")
        }
    }
}
