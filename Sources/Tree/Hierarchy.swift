import HashTreeCollections

/// All entries, as an immutable value: a change copies the path to what it changes and shares the rest.
public struct Hierarchy: Sendable {
    /// The folder `/`, which always exists.
    public let root: Node

    /// A tree of nothing but an empty root.
    public init(rootID: EntryID = .random()) {
        root = Node(entry: Entry(id: rootID, kind: .folder, path: .root, revision: 0), children: [:])
    }

    private init(root: Node) {
        self.root = root
    }

    /// The node that a path names.
    public subscript(path: Path) -> Node? {
        var node = root
        for segment in path.segments {
            guard let child = node[segment] else { return nil }
            node = child
        }
        return node
    }

    /// This tree with `entry` at its path. Its parent must exist and be a folder; what stood there keeps its children.
    public func setting(_ entry: Entry) -> Hierarchy {
        let segments = entry.path.segments[...]
        return Hierarchy(
            root: root.replacing(at: segments) { Node(entry: entry, children: $0?.children ?? [:]) } ?? root)
    }

    /// This tree without what stands at `path` and below. The root loses its children only.
    public func removing(_ path: Path) -> Hierarchy {
        guard !path.isRoot else { return Hierarchy(root: Node(entry: root.entry, children: [:])) }
        return Hierarchy(root: root.replacing(at: path.segments[...]) { _ in nil } ?? root)
    }
}

/// An entry with what it holds.
public final class Node: Sendable {
    public let entry: Entry
    fileprivate let children: TreeDictionary<String, Node>

    fileprivate init(entry: Entry, children: TreeDictionary<String, Node>) {
        self.entry = entry
        self.children = children
    }

    /// The child of that name.
    public subscript(segment: String) -> Node? { children[segment] }

    public var childCount: Int { children.count }

    /// The children, sorted by name.
    public var sortedChildren: [Node] {
        children.values.sorted { $0.entry.path.name < $1.entry.path.name }
    }

    /// Calls `body` for this node and all below it: folders before what they hold, siblings sorted by name.
    public func walk(_ body: (Node) throws -> Void) rethrows {
        try body(self)
        for child in sortedChildren { try child.walk(body) }
    }

    /// This node with the one at `path` below it replaced by what `make` gives; nil removes it.
    fileprivate func replacing(at path: ArraySlice<String>, _ make: (Node?) -> Node?) -> Node? {
        guard let segment = path.first else { return make(self) }
        var children = children
        if path.count == 1 {
            children[segment] = make(children[segment])
        } else if let child = children[segment] {
            children[segment] = child.replacing(at: path.dropFirst(), make)
        }
        return Node(entry: entry, children: children)
    }
}
