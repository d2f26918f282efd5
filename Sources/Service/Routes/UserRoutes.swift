import Access
import HTTP
import OrderedCollections
import Secrets
import Store
import Tree

/// The people and programs that have an account. Who is no superuser finds himself there, and nobody else.
enum UserRoutes {
    static let all: [ServiceRoute] = [
        .list("/v1/users", .known, "users by name; oneself alone, to who is no superuser", [], list),
        .read(.get, "/v1/users/{name}", .known, "a user") { call throws(ServiceError) in
            call.answer(.map(call.parts.accounts.directory.document(of: try user(call))))
        },
        .secret(.post, "/v1/users", .superuser, "a new user", [], add),
        .secret(
            .patch, "/v1/users/{name}", .known, "another password (with \"old\", for one's own), or standing", [],
            change),
        .wait(.delete, "/v1/users/{name}", .superuser, "remove a user, his tokens and his place in groups", [], remove),
    ]

    private static func list(_ call: Call) throws(ServiceError) -> Response {
        let directory = call.parts.accounts.directory
        let users = directory.users.values.sorted { $0.name < $1.name }.filter { sees($0.name, call) }
        return call.answer(["users": .list(users.map { .map(directory.document(of: $0)) })])
    }

    private static func add(_ call: Call, _ body: Value) async throws(ServiceError) -> Response {
        try call.requireWhole()
        let request = try UserRequest(body)
        guard let name = request.name else { throw .badRequest("the user: expected a \"name\"") }
        guard request.old == nil else { throw .badRequest("the user: \"old\" is for one who has a password already") }
        try AccountName.check(name, "the user's name")
        try refuseTaken(name, call.parts.accounts.directory)
        let hash = try await hash(request.password, for: name, call)
        let user = UserRecord(
            name: name, password: hash, isSuperuser: request.isSuperuser ?? false,
            isDisabled: request.isDisabled ?? false, created: Clock.now)
        let stored = try await call.parts.registrar.change(call.trail) { directory, store, audit throws(ServiceError) in
            try refuseTaken(name, directory)
            return try ServiceError.wrapping { () throws(StoreError) in try store.add(user, audit: audit) }
        }
        return call.answer(.map(call.parts.accounts.directory.document(of: stored)), status: 201)
    }

    private static func change(_ call: Call, _ body: Value) async throws(ServiceError) -> Response {
        let user = try user(call)
        try call.requireWhole()
        let request = try UserRequest(body)
        guard request.name == nil else { throw .badRequest("a user keeps his name; remove him and add another") }
        let isOther = call.principal.isSuperuser && call.principal.name != user.name
        if !call.principal.isSuperuser, request.isSuperuser != nil || request.isDisabled != nil {
            throw .forbidden("only a superuser says who is one, and who is disabled")
        }
        let hash = try await hash(request.password, for: user.name, call)
        if hash != nil, !isOther {
            guard let old = request.old.flatMap(Password.init(typed:)) else {
                throw .badRequest("expected \"old\" to be the password as it is")
            }
            let proof = try? await call.parts.accounts.prove(user.name, old, from: call.head.peer)
            guard proof != nil else { throw .forbidden("\"old\" is not the password as it is") }
        }
        let changed = try await call.parts.registrar.change(call.trail) {
            directory, store, audit throws(ServiceError) in
            guard var record = directory.user(user.id) else { throw unknown(user.name) }
            if let hash {
                record.password = hash
                record.generation += 1
            }
            record.isSuperuser = request.isSuperuser ?? record.isSuperuser
            // What she proved before holds no more, not even when she is enabled again.
            if request.isDisabled == true, !record.isDisabled { record.generation += 1 }
            record.isDisabled = request.isDisabled ?? record.isDisabled
            let (next, audit) = (record, audit?.about(request, user.name))
            try ServiceError.wrapping { () throws(StoreError) in try store.save(next, audit: audit) }
            return next
        }
        return call.answer(.map(call.parts.accounts.directory.document(of: changed)))
    }

    private static func remove(_ call: Call) async throws(ServiceError) -> Response {
        let user = try user(call)
        try call.requireWhole()
        try await call.parts.registrar.change(call.trail) { _, store, audit throws(ServiceError) in
            let isGone = try ServiceError.wrapping { () throws(StoreError) in
                try store.removeUser(user.id, audit: audit)
            }
            guard isGone else { throw unknown(user.name) }
        }
        return call.done()
    }

    private static func hash(_ text: String?, for name: String, _ call: Call) async throws(ServiceError) -> String? {
        guard let text else { return nil }
        return try await call.parts.accounts.passwords.hash(try Password(new: text, for: name))
    }

    /// Refuses a name that would let one be taken for another.
    private static func refuseTaken(_ name: String, _ directory: Directory) throws(ServiceError) {
        guard directory.users[name] == nil else { throw .conflict(nil, "there is a user \(name) already") }
        guard !directory.tokenRecords.contains(where: { $0.principal == name }) else {
            throw .conflict(nil, "there are tokens of a principal \(name) already; remove them first")
        }
    }

    /// The user that the path names, if the caller may know of him.
    private static func user(_ call: Call) throws(ServiceError) -> UserRecord {
        let name = call.parameters["name"] ?? ""
        guard sees(name, call), let user = call.parts.accounts.directory.users[name] else { throw unknown(name) }
        return user
    }

    private static func sees(_ name: String, _ call: Call) -> Bool {
        call.principal.isSuperuser || call.principal.name == name && call.principal.authority != .machine
    }

    private static func unknown(_ name: String) -> ServiceError {
        .notFound("there is no user \"\(name)\"")
    }
}

extension AuditEntry {
    /// The row with what is changed in a user, save the password itself.
    fileprivate func about(_ request: UserRequest, _ name: String) -> AuditEntry {
        let changes = [
            request.password.map { _ in "password" }, request.isSuperuser.map { $0 ? "superuser" : "no superuser" },
            request.isDisabled.map { $0 ? "disabled" : "enabled" },
        ].compactMap { $0 }
        var entry = self
        entry.subject = "\(name): \(changes.joined(separator: ", "))"
        return entry
    }
}

extension Directory {
    /// A user as people and programs see him.
    func document(of user: UserRecord) -> Map {
        [
            "name": .string(user.name), "superuser": .bool(user.isSuperuser), "disabled": .bool(user.isDisabled),
            "password": .bool(user.password != nil), "groups": .list(groups(of: user.name).sorted().map(Value.string)),
            "created": .string(Clock.text(user.created)),
        ]
    }
}
