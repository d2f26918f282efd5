import Access
import OrderedCollections
import Store
import Tree

/// A change set under construction: what the tree becomes, and what that changes.
///
/// A value: an edit that is given up leaves nothing behind. What would change nothing adds nothing.
struct Edit {
    let before: Snapshot
    /// Who makes it.
    private(set) var standing: Standing
    private(set) var tree: Hierarchy
    /// The revision that the edit becomes.
    let revision: Int
    private(set) var changes: OrderedDictionary<EntryID, Change> = [:]
    /// The entries whose definitions came, changed, or came from elsewhere.
    private(set) var written: [EntryID: Entry] = [:]
    /// What is not in the tree any more, or not where it was.
    private(set) var removed: [Entry] = []
    /// Where something is to be put that cannot be, for what is hidden stands in the way.
    private(set) var taken: Path?

    /// The entries that are no more.
    var gone: [EntryID] {
        changes.values.compactMap { if case .remove(let id, _) = $0 { id } else { nil } }
    }

    /// - Parameters:
    ///   - principal: who makes it; what he may not do is refused.
    ///   - make: gets the snapshot that the edit begins from, for its preconditions.
    init(
        _ before: Snapshot, _ principal: Principal, _ make: (Snapshot, inout Edit) throws(ServiceError) -> Void
    ) throws(ServiceError) {
        self.init(before, principal)
        try make(before, &self)
        try judge()
        try refuseUnreachable()
        try refuseLostPools()
    }

    init(_ snapshot: Snapshot, _ principal: Principal) {
        before = snapshot
        standing = Standing(principal, snapshot.policy)
        tree = snapshot.tree
        revision = snapshot.revision + 1
    }

    /// Makes room for what so many entries change, which is taken once and not again and again.
    mutating func expect(_ count: Int) {
        changes.reserveCapacity(changes.count + count)
        written.reserveCapacity(written.count + count)
    }

    /// Sees to it that something can be put at a place, as far as its author is concerned.
    ///
    /// What is hidden from him does not exist: he is refused first what he would be refused if it were not there, and at the
    /// end what he would not.
    private mutating func aim(at path: Path) throws(ServiceError) {
        guard !standing.sees(path) else { return }
        guard let place = standing.hidden(onTheWayTo: path) else { throw .missing(path) }
        standing = standing.without(place)
        try standing.see(path)
        tree.remove(place)
        taken = taken ?? path
    }

    /// The entry at a place, if it exists for the author.
    func entry(at path: Path) -> Entry? { standing.sees(path) ? tree[path]?.entry : nil }

    /// Creates the entry, or replaces its definition.
    ///
    /// - Parameter id: whose identity a new entry gets.
    mutating func put(
        _ path: Path, _ kind: Kind, _ definition: Map, parents: Bool = false, id: EntryID = .random()
    ) throws(ServiceError) {
        try put(entry(id, kind, path, definition), definition, parents: parents)
    }

    /// Creates the entry, or replaces the definition of the one that stands there.
    ///
    /// - Parameter definition: the entry's, unpacked.
    mutating func put(_ entry: Entry, _ definition: Map, parents: Bool) throws(ServiceError) {
        let (path, kind) = (entry.path, entry.kind)
        try aim(at: path)
        guard entry.layer.misfits.isEmpty else {
            throw .invalid(
                entry.layer.misfits.map { Problem(path: path, key: $0.key, layer: entry.layer.source, $0.message) })
        }
        let existing = tree[path]?.entry
        if let existing {
            guard existing.kind == kind else {
                throw .conflict(
                    path,
                    "\(path) is a \(existing.kind.rawValue); expected the kind to stay, or the entry to be deleted first"
                )
            }
            guard existing.definition != definition else { return }
            try before.refuseFrozen(existing, entry.layer)
        } else {
            try makeParents(of: path, parents)
        }
        set(existing.map { entry.identified(as: $0.id) } ?? entry, definition)
    }

    private mutating func makeParents(of path: Path, _ isAsked: Bool) throws(ServiceError) {
        guard let parent = path.parent else { return }
        if let folder = tree[parent]?.entry {
            guard folder.kind == .folder else {
                throw .conflict(parent, "\(parent) is a vm and holds no entries; expected a folder")
            }
            return
        }
        guard isAsked else {
            throw .conflict(parent, "the folder \(parent) does not exist; create it first, or ask with parents=true")
        }
        try makeParents(of: parent, true)
        set(.random(), .folder, parent, [:])
    }

    /// Removes an entry with all below it.
    mutating func remove(_ path: Path) throws(ServiceError) {
        guard let node = tree[path] else { return }
        try standing.require([.delete], below: node)
        node.walk { node in
            guard !node.entry.path.isRoot else { return }
            changes[node.entry.id] = .remove(id: node.entry.id, path: node.entry.path)
            miss(node.entry)
        }
        tree.remove(path)
    }

    /// Takes note that an entry is not where it was.
    private mutating func miss(_ entry: Entry) {
        written[entry.id] = nil
        removed.append(entry)
    }

    /// Moves an entry with all below it; identities stay.
    mutating func move(_ path: Path, to target: Path) throws(ServiceError) {
        let entries = try transplant(path, to: target)
        if let node = tree[path] { try standing.require([.delete], below: node) }
        guard !path.contains(target) else {
            throw .conflict(target, "\(path) cannot move into itself")
        }
        for (entry, _) in entries { miss(entry) }
        tree.remove(path)
        for (entry, place) in entries { set(entry.id, entry.kind, place, entry.definition) }
        for (entry, place) in entries { try before.refuseFrozen(entry, at: place, in: tree) }
    }

    /// Copies an entry with all below it that its author sees; each copy is a new entry.
    mutating func copy(_ path: Path, to target: Path) throws(ServiceError) {
        for (entry, place) in try transplant(path, to: target) where standing.sees(entry.path) {
            guard let parent = place.parent, tree[parent] != nil else { continue }
            set(.random(), entry.kind, place, entry.kind == .vm ? entry.definition.withoutAddresses : entry.definition)
        }
    }

    private mutating func transplant(
        _ path: Path, to target: Path
    ) throws(ServiceError) -> [(entry: Entry, place: Path)] {
        try standing.see(path)
        guard let node = tree[path] else { throw .missing(path) }
        try aim(at: target)
        guard !path.isRoot else { throw .conflict(path, "the root can be neither moved nor copied") }
        guard tree[target] == nil else { throw .conflict(target, "\(target) exists already; expected a free path") }
        guard let parent = target.parent, let folder = tree[parent]?.entry else {
            throw .conflict(target, "the folder \(target.parent ?? .root) does not exist; create it first")
        }
        guard folder.kind == .folder else {
            throw .conflict(parent, "\(parent) is a vm and holds no entries; expected a folder")
        }
        var entries: [(Entry, Path)] = []
        var tooDeep: Path?
        node.walk { node in
            guard let place = node.entry.path.rebased(from: path, to: target) else {
                tooDeep = standing.sees(node.entry.path) ? node.entry.path : path
                return
            }
            entries.append((node.entry, place))
        }
        if let tooDeep {
            throw .conflict(tooDeep, "\(tooDeep) would stand deeper than \(Path.maximumDepth) levels below \(target)")
        }
        return entries
    }

    /// Takes entries out of the tree; those that are `gone` are no more.
    mutating func leave(_ entries: [Entry], for gone: [Entry]) {
        for entry in entries {
            tree.remove(entry.path)
            miss(entry)
        }
        for entry in gone { changes[entry.id] = .remove(id: entry.id, path: entry.path) }
    }

    /// Puts an entry, with the identity it has, where nothing stands.
    mutating func enter(_ entry: Entry) throws(ServiceError) {
        guard tree[entry.path] == nil else {
            throw .conflict(entry.path, "\(entry.path) exists already; expected a free path")
        }
        try makeParents(of: entry.path, false)
        set(entry.id, entry.kind, entry.path, entry.definition)
    }

    /// Replaces the definition of an entry.
    mutating func rewrite(_ entry: Entry, _ definition: Map) throws(ServiceError) {
        let next = self.entry(entry.id, entry.kind, entry.path, definition)
        try before.refuseFrozen(entry, next.layer)
        set(next, definition)
    }

    private mutating func set(_ id: EntryID, _ kind: Kind, _ path: Path, _ definition: Map) {
        set(entry(id, kind, path, definition), definition)
    }

    private mutating func set(_ entry: Entry, _ definition: Map) {
        tree.set(entry)
        changes[entry.id] = .set(id: entry.id, kind: entry.kind, path: entry.path, definition: definition)
        written[entry.id] = entry
    }

    /// An entry as the edit's revision writes it, whose path shares that of its folder.
    private func entry(_ id: EntryID, _ kind: Kind, _ path: Path, _ definition: Map) -> Entry {
        let folder = path.parent.flatMap { tree[$0]?.entry.path }
        let path = folder.flatMap { try? $0.appending(path.name) } ?? path
        return Entry(id: id, kind: kind, path: path, definition: definition, revision: revision)
    }
}

extension Map {
    /// A machine's definition without the addresses that only one machine can have.
    fileprivate var withoutAddresses: Map {
        guard let nics = self["nics"]?.map else { return self }
        var copy = self
        copy["nics"] = .map(
            nics.mapValues { nic in
                nic.map.map { .map($0.filter { !["mac", "ipv4", "ipv6"].contains($0.key) }) } ?? nic
            })
        return copy
    }
}
