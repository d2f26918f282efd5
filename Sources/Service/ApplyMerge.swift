import Access
import OrderedCollections
import Tree

/// What is to be written of a directory, put together with what others changed since it was exported.
///
/// Of each entry three definitions are looked at: the one it had then, theirs (the current one) and ours (the
/// directory's). What one side deleted and the other left as it was is deleted; what the other changed contradicts.
struct ApplyMerge {
    private let base: Base
    private let now: Snapshot
    private let standing: Standing
    private(set) var items: [ApplyRequest.Item] = []
    /// What the directory's owner deleted, each with all below it.
    private(set) var removals: [Path] = []
    private(set) var contradictions: [Contradiction] = []

    init(_ request: ApplyRequest, since base: Base, _ now: Snapshot, _ standing: Standing) {
        self.base = base
        self.now = now
        self.standing = standing
        for item in request.entries { merge(item) }
        restoreFolders(request)
        guard request.prunes else { return }
        let kept = request.kept
        for entry in base.entries.values.sorted(by: { $0.path < $1.path }) where !kept.contains(entry.path) {
            remove(entry)
        }
    }

    private mutating func merge(_ item: ApplyRequest.Item) {
        let path = item.path
        guard let theirs = entry(at: path) else {
            guard let old = base.entries[path] else { return create(item) }
            let changes = changes(from: old.definition, to: item.definition)
            for change in changes {
                contradict(path, change.key, change.before, nil, change.after, fate(of: old))
            }
            if !changes.isEmpty || old.kind != item.kind { items.append(item) }
            return
        }
        let old = base.entries[path].flatMap { $0.kind == item.kind ? $0.definition : nil }
        // One that is of another kind now stays so if the directory has it as it was.
        if theirs.kind != item.kind, old == item.definition { return }
        let merge = Merge(
            base: old ?? [:], theirs: theirs.kind == item.kind ? theirs.definition : [:], ours: item.definition)
        for conflict in merge.conflicts {
            contradict(path, conflict.key, conflict.base, conflict.theirs, conflict.ours)
        }
        items.append(ApplyRequest.Item(path: path, kind: item.kind, definition: merge.definition))
    }

    /// The entry at a place, if it exists for who asks.
    private func entry(at path: Path) -> Entry? { standing.sees(path) ? now.tree[path]?.entry : nil }

    /// A new entry, whose folder may be gone.
    private mutating func create(_ item: ApplyRequest.Item) {
        items.append(item)
        let folders = sequence(first: item.path) { $0.parent }
        guard let lost = folders.first(where: { base.entries[$0] != nil && entry(at: $0) == nil }),
            let folder = base.entries[lost]
        else { return }
        contradict(item.path, [], nil, nil, .map(item.definition), "its folder \(lost) " + verb(folder), of: lost)
    }

    /// A folder that was deleted comes back, as the directory has it, with what is to be written below it.
    private mutating func restoreFolders(_ request: ApplyRequest) {
        let written = Set(items.map(\.path))
        let lost = request.entries.filter { item in
            !written.contains(item.path) && entry(at: item.path) == nil && written.contains { item.path.contains($0) }
        }
        items = (items + lost).sorted { $0.path < $1.path }
    }

    private mutating func remove(_ old: Entry) {
        guard standing.sees(old.path), let node = now.tree[old.path] else { return }
        for change in changes(from: old.definition, to: node.entry.definition) {
            contradict(old.path, change.key, change.before, change.after, nil)
        }
        guard removals.last?.contains(old.path) != true else { return }
        removals.append(old.path)
        node.walk { node in
            let path = node.entry.path
            guard base.entries[path] == nil, standing.sees(path) else { return }
            contradict(path, [], nil, .map(node.entry.definition), nil, "it is in what would be deleted, and was made")
        }
    }

    /// What one definition says otherwise than another, key by key; of a map whose keys stand in another order, the map.
    private func changes(from old: Map, to new: Map) -> [(key: DottedPath, before: Value?, after: Value?)] {
        let (old, new) = (Value.map(old), Value.map(new))
        return Difference.between(old, new, orderFrom: 0).map { change in
            guard change.isOrder else { return (change.key, change.before, change.after) }
            return (change.key, old.value(at: change.key), new.value(at: change.key))
        }
    }

    private mutating func contradict(
        _ path: Path, _ key: DottedPath, _ base: Value?, _ theirs: Value?, _ ours: Value?, _ fate: String? = nil,
        of cause: Path? = nil
    ) {
        let conflict = Merge.Conflict(key: key, base: base, theirs: theirs, ours: ours)
        contradictions.append(Contradiction(path: path, conflict: conflict, fate: fate, origin: cause ?? path))
    }

    private func fate(of entry: Entry) -> String {
        "its entry " + verb(entry)
    }

    /// `was deleted`, `was moved to /archive/web`; what went where it may not be viewed is gone.
    private func verb(_ entry: Entry) -> String {
        guard let place = now.place(of: entry), standing.sees(place) else { return "was deleted" }
        return "was moved to \(place)"
    }
}

extension Snapshot {
    /// Where an entry stands, by its identity.
    fileprivate func place(of entry: Entry) -> Path? {
        if let machine = self.entry(entry.id) { return machine.path }
        guard entry.kind == .folder else { return nil }
        var place: Path?
        tree.root.walk { if $0.entry.id == entry.id { place = $0.entry.path } }
        return place
    }
}
