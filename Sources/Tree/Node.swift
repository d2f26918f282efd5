/// An entry with what it holds.
public struct Node: Sendable {
    /// The last label of the entry's path, here as well because all that is looked for is compared with it.
    let name: String
    public let entry: Entry
    private(set) var children: Children

    init(_ entry: Entry, _ children: Children = Children()) {
        name = entry.path.name
        self.entry = entry
        self.children = children
    }

    /// - Parameter entries: sorted by path; those below `entry` are taken from the front.
    init(_ entry: Entry, taking entries: inout ArraySlice<Entry>) {
        var nodes: [Node] = []
        while let next = entries.first, entry.path.contains(next.path) {
            _ = entries.popFirst()
            guard next.path.parent == entry.path else { continue }
            nodes.append(Node(next, taking: &entries))
        }
        self.init(entry, Children(nodes))
    }

    /// The child of that name.
    public subscript(segment: String) -> Node? { children[segment] }

    public var childCount: Int { children.count }

    /// Whether one of the children is a folder.
    public var holdsFolders: Bool { children.holdFolders }

    var isFolder: Bool { entry.kind == .folder }

    /// The children, sorted by name.
    public var sortedChildren: [Node] { children.sorted }

    /// Calls `body` for this node and all below it: folders before what they hold, siblings sorted by name.
    public func walk(_ body: (Node) throws -> Void) rethrows {
        try body(self)
        for child in sortedChildren { try child.walk(body) }
    }

    /// Whether nothing was written here or below since the one became the other.
    public func isIdentical(to other: Node) -> Bool {
        entry.layer === other.entry.layer && children.isIdentical(to: other.children)
    }

    /// Replaces the node at `path` below this one by what `make` gives; nil removes it.
    mutating func replace(at path: ArraySlice<String>, _ make: (Node?) -> Node?) {
        guard let segment = path.first else { return }
        if path.count == 1 {
            children[segment] = make(children[segment])
        } else {
            children.change(segment) { $0.replace(at: path.dropFirst(), make) }
        }
    }
}
