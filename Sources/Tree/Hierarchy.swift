/// All entries, as an immutable value: a change copies the path to what it changes and shares the rest.
public struct Hierarchy: Sendable {
    /// The folder `/`, which always exists.
    public private(set) var root: Node

    /// A tree of nothing but an empty root.
    public init(rootID: EntryID = .random()) {
        root = Node(Entry(id: rootID, kind: .folder, path: .root, revision: 0))
    }

    private init(root: Node) {
        self.root = root
    }

    /// The tree that entries make, which are sorted by path, the root first; one whose folder is not there is left out.
    public init(_ entries: [Entry]) {
        guard let first = entries.first, first.path.isRoot else {
            self.init(Hierarchy().root.entry, entries[...])
            return
        }
        self.init(first, entries.dropFirst())
    }

    private init(_ root: Entry, _ entries: ArraySlice<Entry>) {
        var rest = entries
        self.root = Node(root, taking: &rest)
    }

    /// The node that a path names.
    public subscript(path: Path) -> Node? {
        guard let folder = path.parent else { return root }
        return self[folder]?[path.name]
    }

    /// This tree with `entry` at its path. Its parent must exist and be a folder; what stood there keeps its children.
    public func setting(_ entry: Entry) -> Hierarchy {
        var copy = self
        copy.set(entry)
        return copy
    }

    /// This tree without what stands at `path` and below. The root loses its children only.
    public func removing(_ path: Path) -> Hierarchy {
        var copy = self
        copy.remove(path)
        return copy
    }

    /// Puts `entry` at its path, as ``setting(_:)`` does. What no other tree shares is changed where it is, so that of
    /// many changes in a row only the first in a folder copies it.
    public mutating func set(_ entry: Entry) {
        guard !entry.path.isRoot else {
            root = Node(entry, root.children)
            return
        }
        root.replace(at: entry.path.segments[...]) { Node(entry, $0?.children ?? Children()) }
    }

    /// Removes what stands at `path` and below, as ``removing(_:)`` does.
    public mutating func remove(_ path: Path) {
        guard !path.isRoot else {
            root = Node(root.entry)
            return
        }
        root.replace(at: path.segments[...]) { _ in nil }
    }
}
