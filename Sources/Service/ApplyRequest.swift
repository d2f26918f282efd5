import Access
import Formats
import HTTP
import OrderedCollections
import Store
import Tree

/// Many entries that are to be written in one revision, all or none.
struct ApplyRequest: Sendable {
    let root: Path
    let entries: [Item]
    /// Whether each entry must be one that does not exist yet.
    let creates: Bool
    /// Whether what stands below the root and is not among the entries is to be removed.
    let prunes: Bool
    /// Whether these entries win where they contradict what came since.
    let insists: Bool
    /// The tree that the entries were taken from; what came since is merged.
    let base: Base?

    struct Item: Sendable {
        let path: Path
        let kind: Kind
        let definition: Map
    }

    /// Reads the store for a base, so not to be called on a server's worker.
    init(_ body: Value, _ call: Call) throws(ServiceError) {
        let limit = call.parts.options.entries
        var members = try Members(body, "the body")
        root = try Call.path(try members.string("root") ?? "/")
        creates = try members.bool("new") ?? false
        prunes = try members.bool("prune") ?? false
        let revision = try members.number("base")
        insists = try members.bool("ours") ?? false
        guard !insists || revision != nil else {
            throw .badRequest("ours: expected it with base, the revision that the entries were taken from")
        }
        let list = try members.list("entries") ?? []
        try members.end()
        guard list.count <= limit else {
            throw .tooMany("\(list.count) entries: expected at most \(limit) in one request")
        }
        var items: [Item] = []
        var paths: Set<Path> = []
        var reader = PathReader()
        items.reserveCapacity(list.count)
        paths.reserveCapacity(list.count)
        for listed in Parallel.map(Array(list.enumerated()), Listed.read) {
            let listed = try listed.get()
            guard listed.pattern.count <= limit - items.count else {
                throw .tooMany(
                    "\(listed.place): \(listed.path) makes \(listed.pattern.count) entries: expected at most "
                        + "\(limit - items.count) more in one request")
            }
            for name in listed.pattern.names {
                let path = try Call.path(name, &reader)
                guard root.contains(path) else {
                    throw .badRequest("\(listed.place): \(path) does not stand below the root \(root)")
                }
                guard paths.insert(path).inserted else {
                    throw .badRequest("\(listed.place): \(path) is given twice; expected each path once")
                }
                items.append(Item(path: path, kind: listed.kind, definition: listed.definition))
            }
        }
        entries = items.sorted(byPath: \.path)
        let root = root
        base = try revision.map { revision throws(ServiceError) in try Base(revision, below: root, call) }
    }

    /// Answers `POST /v1/apply`.
    static func apply(_ call: Call, _ body: Value) async throws(ServiceError) -> Response {
        let request = try ApplyRequest(body, call)
        guard call.standing.asIfFree(request.root).finds(request.root) else { throw .missing(request.root) }
        let written = try await call.write(.apply(request))
        return call.at(written.after).answer(.map(request.answer(written) { call.sees($0) }))
    }

    func write(to edit: inout Edit, _ before: Snapshot) throws(ServiceError) {
        if creates { try refuseExisting(edit) }
        guard let base else {
            return try write(entries, without: prunes ? pruned(before, edit.standing) : [], to: &edit, before)
        }
        let merge = ApplyMerge(self, since: base, before, edit.standing)
        // What others made is not deleted by insisting.
        let open = merge.contradictions.filter { !insists || $0.isNews }
        guard open.isEmpty else { throw .contradicts(base.revision, try base.attribute(open, before)) }
        try write(merge.items, without: merge.removals, to: &edit, before)
    }

    private func write(
        _ items: [Item], without removals: [Path], to edit: inout Edit, _ before: Snapshot
    ) throws(ServiceError) {
        for path in removals {
            try edit.refuseMachines(below: path)
            try edit.remove(path)
        }
        let revision = edit.revision
        let written = Parallel.map(items) {
            Entry(kind: $0.kind, path: $0.path, definition: $0.definition, revision: revision)
        }
        edit.expect(items.count)
        for (entry, item) in zip(written, items) { try edit.put(entry, item.definition, parents: true) }
    }

    private func refuseExisting(_ edit: Edit) throws(ServiceError) {
        let existing = entries.filter { edit.entry(at: $0.path) != nil }
        guard let first = existing.first else { return }
        let others = existing.count > 1 ? " and \(existing.count - 1) more" : ""
        let all = entries.count > 1 ? " of \(entries.count)" : ""
        throw .conflict(
            first.path,
            "\(first.path)\(others)\(all) exists already; expected free paths, nothing was written")
    }

    /// The entries and the folders above them.
    var kept: Set<Path> {
        var kept: Set<Path> = [root]
        for entry in entries {
            var path: Path? = entry.path
            while let next = path, kept.insert(next).inserted { path = next.parent }
        }
        return kept
    }

    /// What is neither among the entries nor a folder above one; not what stands below such.
    private func pruned(_ before: Snapshot, _ standing: Standing) -> [Path] {
        let kept = kept
        var pruned: [Path] = []
        before.tree[root]?.walk { node in
            let path = node.entry.path
            guard standing.sees(path) else { return }
            guard !kept.contains(path), pruned.last?.contains(path) != true else { return }
            pruned.append(path)
        }
        return pruned
    }
}

/// One of a request's entries, or as many as its path counts: `/lab/web-{001..040}`.
private struct Listed: Sendable {
    /// Where it stands in the request.
    let place: String
    let path: String
    let pattern: NamePattern
    let kind: Kind
    let definition: Map

    /// Reads the entry that stands at an index, or says what is wrong with it.
    static func read(_ index: Int, _ value: Value) -> Result<Listed, ServiceError> {
        Result { () throws(ServiceError) in try Listed(value, "entries[\(index)]") }
    }

    private init(_ value: Value, _ place: String) throws(ServiceError) {
        var members = try Members(value, place)
        guard let path = try members.string("path") else { throw .badRequest("\(place): expected \"path\"") }
        kind = try members.kind() ?? .vm
        definition = try members.members("definition") ?? [:]
        try members.end()
        self.place = place
        self.path = path
        do throws(NamePatternError) {
            pattern = try NamePattern(path)
        } catch {
            throw .badRequest("\(place): \(error)")
        }
    }
}
