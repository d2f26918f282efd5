import Access
import HTTP
import OrderedCollections
import Store
import Tree

/// Reading the history.
enum HistoryRoutes {
    static let all: [ServiceRoute] = [
        .list(
            "/v1/revisions", .known, "accepted changes, newest first",
            [
                Query(name: "path", summary: "only those that changed this entry or one below it"),
                Query(
                    name: "machine",
                    summary: "those that changed what the machine at path gets, wherever they were made"),
                Query(name: "limit", summary: "how many to list, to 1000; default 100"),
                Query(name: "before", summary: "only those with a smaller number"),
            ], list),
        .list(
            "/v1/revisions/{number}", .known, "an accepted change: who, when, why, and what it changed",
            [
                Query(name: "path", summary: "only what it changed at this entry or below it"),
                Query(name: "limit", summary: "how many changed entries to tell, to 100000; default 1000"),
            ], show),
        .wait(
            .post, "/v1/revisions/{number}:revert", .known, "a new revision that undoes this one", Query.write,
            Revert.revert),
    ]

    private static func list(_ call: Call) throws(ServiceError) -> Response {
        let path = try call.head.query("path").map { text throws(ServiceError) in try Call.path(text) }
        let limit = try call.number("limit", in: 1...1_000) ?? 100
        let before = try call.number("before", in: 1...Int.max)
        guard try !call.flag("machine") else {
            guard let path, call.sees(path), let entry = call.snapshot.tree[path]?.entry, entry.kind == .vm else {
                throw .badRequest(
                    "machine: expected path to be that of a machine, found \(path.map { "\($0)" } ?? "none")")
            }
            let past = try MachineHistory(
                call.parts.store, entry, before: before, limit: limit, call.hindsight, call.goOn)
            return call.answer(.map(try past.document(call).merging(try kept(call)) { $1 }))
        }
        let (revisions, next) = try call.revisions(of: path ?? .root, before: before, limit: limit)
        var document: Map = ["revisions": .list(revisions.map { .map($0.map) })]
        document["next"] = next.map(Value.integer)
        return call.answer(.map(document.merging(try kept(call)) { $1 }))
    }

    /// The oldest revision of which it is known what it changed, where there are older ones.
    private static func kept(_ call: Call) throws(ServiceError) -> Map {
        let store = call.parts.store
        let horizon = try ServiceError.wrapping { () throws(StoreError) in try store.horizon() }
        return horizon > 0 ? ["oldest": .integer(horizon + 1)] : [:]
    }

    private static func show(_ call: Call) throws(ServiceError) -> Response {
        try answer(try call.revision(), call)
    }

    /// Answers with a revision and what it changed.
    static func answer(_ revision: Revision, _ call: Call) throws(ServiceError) -> Response {
        let path = try call.head.query("path").map { text throws(ServiceError) in try Call.path(text) }
        let limit = try call.number("limit", in: 1...100_000) ?? 1_000
        let store = call.parts.store
        let (changes, before) = try ServiceError.wrapping { () throws(StoreError) in
            (try store.changes(of: revision.number), try store.entries(before: revision.number))
        }
        guard var document = try call.document(of: revision) else { throw call.noRevision("\(revision.number)") }
        var sees: (Path) -> Bool = { _ in true }
        if !call.principal.isSuperuser {
            let places = try call.places(of: revision.number).values.reduce(into: Set()) { $0.formUnion($1) }
            sees = places.contains
        }
        document.tell(changes, before: before, below: path ?? .root, limit: limit, sees)
        return call.answer(.map(document.map))
    }
}

extension Call {
    /// The revision that the path names.
    func revision() throws(ServiceError) -> Revision {
        let text = parameters["number"] ?? ""
        guard let number = Int(text) else { throw noRevision(text) }
        return try revision(number)
    }

    func revision(_ number: Int) throws(ServiceError) -> Revision {
        let store = parts.store
        let revision = try ServiceError.wrapping { () throws(StoreError) in try store.revision(number) }
        guard let revision else { throw noRevision("\(number)") }
        return revision
    }

    func noRevision(_ revision: String) -> ServiceError {
        .notFound("there is no revision \(revision); the newest is \(snapshot.revision)")
    }
}
