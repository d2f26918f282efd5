import Access
import Cascade
import HTTP
import HashTreeCollections
import OrderedCollections
import Tree

/// Reading the tree.
enum TreeRoutes {
    static let all: [ServiceRoute] = [
        .list(
            "/v1/tree/{path...}", .finds, "an entry, a folder's common, or a list of what is below",
            [
                .at, Query(name: "recursive", summary: "list the entry and all below it"), .selector,
                Query(name: "fields", summary: "only these members of each entry, separated by commas"),
                Query(name: "limit", summary: "how many entries a page lists, to 100000; default 1000"),
                Query(name: "after", summary: "go on after this path, which the page before gave as next"),
            ], get, isLong: { $0.query("recursive") != nil }),
        .read(
            .get, "/v1/computed/{path...}", .may([.view]),
            "the computed definition of a machine, or what a folder hands down",
            [.at], computed),
        .list("/v1/problems", .known, "the machines whose definition is broken", [.at], problems),
    ]

    private static func get(_ call: Call) throws(ServiceError) -> Response {
        switch try Target(call) {
        case .common(let folder):
            try call.see(folder)
            guard let entry = call.snapshot.tree[folder]?.entry, entry.kind == .folder else { throw .missing(folder) }
            return call.answer(.map(entry.definition))
        case .entry(let path):
            guard let node = call.snapshot.tree[path] else { throw .missing(path) }
            guard try call.flag("recursive") else {
                let fields = try fields(call)
                return call.answer(.map(EntryDocument(node, call.snapshot, call.standing).map.keeping(fields)))
            }
            return try list(below: node, call)
        }
    }

    /// Everything below, sorted by path, a page at a time.
    private static func list(below node: Node, _ call: Call) throws(ServiceError) -> Response {
        let limit = try call.number("limit", in: 1...100_000) ?? 1_000
        let after = try call.head.query("after").map { text throws(ServiceError) in try Call.path(text) }
        let selector = try call.selector()
        let fields = try fields(call)
        // One more than asked for tells that there are more.
        var nodes: [Node] = []
        var unclear: [Path] = []
        if let selector {
            let selection = try call.machines(below: node.entry.path, selector, after: after, atMost: limit + 1)
            nodes = selection.meant.compactMap { call.snapshot.tree[$0.path] }
            unclear = (nodes.count > limit ? selection.prefix(limit) : selection).unclear.map(\.path)
        } else {
            try call.walk(below: node, after: after) {
                nodes.append($0)
                return nodes.count <= limit
            }
        }
        let entries = try nodes.prefix(limit).map { node throws(ServiceError) in
            try call.goOn()
            return Value.map(EntryDocument(node, call.snapshot, call.standing).map.keeping(fields))
        }
        var document: Map = ["entries": .list(entries)]
        if nodes.count > limit { document["next"] = .string(nodes[limit - 1].entry.path.description) }
        return call.answer(.map(document), headers: Call.warning(leftOut: unclear.map(\.description)))
    }

    /// The members that are asked for; nil: all.
    private static func fields(_ call: Call) throws(ServiceError) -> Set<String>? {
        guard let names = call.head.query("fields")?.split(separator: ",").map(String.init) else { return nil }
        guard let unknown = names.first(where: { !EntryDocument.fields.contains($0) }) else { return Set(names) }
        throw .badRequest(
            "fields: unknown field \"\(unknown)\"; expected some of \(EntryDocument.fields.joined(separator: ", "))")
    }

    private static func computed(_ call: Call) throws(ServiceError) -> Response {
        let path = try call.path()
        guard let entry = call.snapshot.tree[path]?.entry else { throw .missing(path) }
        switch entry.kind {
        case .vm:
            return call.answer(.map(try call.snapshot.definition(of: entry)))
        case .folder:
            let fields = call.snapshot.inheritance(of: path)?.fields ?? [:]
            return call.answer(.map(fields.mapValues(\.value)))
        }
    }

    private static func problems(_ call: Call) throws(ServiceError) -> Response {
        let broken = call.snapshot.index.broken.values.filter { call.sees($0.path) }.sorted { $0.path < $1.path }
        let problems = try broken.map { listing throws(ServiceError) -> Value in
            try call.goOn()
            return [
                "path": .string(listing.path.description), "certname": .string(listing.certname),
                "problems": .list(listing.problems.map { .map($0.seen(call.sees).document) }),
            ]
        }
        return call.answer(["problems": .list(problems)])
    }
}

extension Map {
    fileprivate func keeping(_ fields: Set<String>?) -> Map {
        fields.map { fields in filter { fields.contains($0.key.text) } } ?? self
    }
}

/// What a path under `/v1/tree` addresses.
enum Target: Sendable {
    case entry(Path)
    /// The definition of a folder.
    case common(Path)

    init(_ call: Call) throws(ServiceError) {
        try self.init("/" + (call.parameters["path"] ?? ""))
    }

    /// `/courses/so/web`, `/courses/so/common`.
    init(_ text: String) throws(ServiceError) {
        let suffix = "/" + Path.common
        if text.hasSuffix(suffix) {
            let folder = text.dropLast(suffix.count)
            self = .common(try Call.path(folder.isEmpty ? "/" : String(folder)))
        } else {
            self = .entry(try Call.path(text))
        }
    }

    var path: Path {
        switch self {
        case .entry(let path), .common(let path): path
        }
    }
}
