import Access
import HTTP
import OrderedCollections
import Store
import Tree

/// Groups of users, whom `access` in the tree names together: `@teachers`.
enum GroupRoutes {
    static let all: [ServiceRoute] = [
        .list("/v1/groups", .superuser, "groups by name", []) { call in
            let groups = call.parts.accounts.directory.groups.values.sorted { $0.name < $1.name }
            return call.answer(["groups": .list(groups.map { .map($0.document) })])
        },
        .read(.get, "/v1/groups/{name}", .superuser, "a group and its members") { call throws(ServiceError) in
            call.answer(.map(try group(call, call.parts.accounts.directory).document))
        },
        .secret(.post, "/v1/groups", .superuser, "a new group", [], add),
        .secret(
            .patch, "/v1/groups/{name}", .superuser, "other members: all of them, or some more or fewer", [], change),
        .wait(.delete, "/v1/groups/{name}", .superuser, "remove a group; its members stay", [], remove),
    ]

    private static func add(_ call: Call, _ body: Value) async throws(ServiceError) -> Response {
        try call.requireWhole()
        var members = try Members(body, "the group")
        guard let name = try members.string("name") else { throw .badRequest("the group: expected a \"name\"") }
        let users = try members.names("members") ?? []
        try members.end()
        try AccountName.check(name, "the group's name")
        let stored = try await call.parts.registrar.change(call.trail) { directory, store, audit throws(ServiceError) in
            guard directory.groups[name] == nil else { throw .conflict(nil, "there is a group \(name) already") }
            let group = GroupRecord(name: name, members: try directory.known(users), created: Clock.now)
            return try ServiceError.wrapping { () throws(StoreError) in try store.add(group, audit: audit) }
        }
        return call.answer(.map(stored.document), status: 201)
    }

    private static func change(_ call: Call, _ body: Value) async throws(ServiceError) -> Response {
        try call.requireWhole()
        var members = try Members(body, "the group")
        let all = try members.names("members")
        let (more, fewer) = (try members.names("add") ?? [], try members.names("remove") ?? [])
        try members.end()
        let changed = try await call.parts.registrar.change(call.trail) {
            directory, store, audit throws(ServiceError) in
            var group = try group(call, directory)
            let members = Set(group.members)
            let gone = Set(try directory.known(fewer))
            let users = try directory.known(all ?? group.members) + directory.known(more)
            group.members = Set(users).subtracting(gone).sorted()
            let next = group
            var audit = audit
            audit?.subject = GroupRoutes.change(from: members, to: group)
            try ServiceError.wrapping { () throws(StoreError) in try store.save(next, audit: audit) }
            return next
        }
        return call.answer(.map(changed.document))
    }

    /// `teachers: +eva, -petr`
    private static func change(from members: Set<String>, to group: GroupRecord) -> String {
        let (come, gone) = (Set(group.members).subtracting(members), members.subtracting(group.members))
        let names = come.sorted().map { "+\($0)" } + gone.sorted().map { "-\($0)" }
        let more = names.count > 20 ? " and \(names.count - 20) more" : ""
        return "\(group.name): \(names.prefix(20).joined(separator: ", "))\(more)"
    }

    private static func remove(_ call: Call) async throws(ServiceError) -> Response {
        try call.requireWhole()
        try await call.parts.registrar.change(call.trail) { directory, store, audit throws(ServiceError) in
            let id = try group(call, directory).id
            _ = try ServiceError.wrapping { () throws(StoreError) in try store.removeGroup(id, audit: audit) }
        }
        return call.done()
    }

    private static func group(_ call: Call, _ directory: Directory) throws(ServiceError) -> GroupRecord {
        let name = call.parameters["name"] ?? ""
        guard let group = directory.groups[name] else { throw .notFound("there is no group \"\(name)\"") }
        return group
    }
}

extension Directory {
    /// These names, sorted and each once, if there are users of all of them.
    fileprivate func known(_ names: [String]) throws(ServiceError) -> [String] {
        guard let stranger = names.first(where: { users[$0] == nil }) else { return Set(names).sorted() }
        throw .badRequest("there is no user \"\(stranger.prefix(AccountName.longest))\"; a group's members are users")
    }
}

extension GroupRecord {
    /// The group as people and programs see it.
    fileprivate var document: Map {
        [
            "name": .string(name), "members": .list(members.map(Value.string)),
            "created": .string(Clock.text(created)),
        ]
    }
}
