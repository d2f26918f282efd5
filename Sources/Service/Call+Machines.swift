import Access
import Cascade
import Tree

/// The tree as the caller sees it.
extension Call {
    /// Calls `body` for each node at `path` or below that the caller sees or finds: folders before what they hold,
    /// siblings sorted by name.
    func walk(below node: Node, _ body: (Node) -> Void) {
        guard standing.finds(node.entry.path) else { return }
        body(node)
        for child in node.sortedChildren { walk(below: child, body) }
    }

    /// Calls `body` for each descriptor at `path` or below that the caller sees, sorted by path, with its computed
    /// definition.
    func forEachMachine(below path: Path, _ body: (Entry, Computed) throws -> Void) rethrows {
        try snapshot.forEachMachine(below: path, where: standing.finds, body)
    }

    /// The descriptors at `path` or below that a selector means and the caller sees.
    func machines(below path: Path, _ selector: Selector?) -> [Entry] {
        var entries: [Entry] = []
        guard let selector else {
            guard let node = snapshot.tree[path] else { return [] }
            walk(below: node) { if $0.entry.kind == .vm { entries.append($0.entry) } }
            return entries
        }
        forEachMachine(below: path) { entry, computed in
            if selector.matches({ snapshot.value($0, of: entry, computed) }) { entries.append(entry) }
        }
        return entries
    }
}
