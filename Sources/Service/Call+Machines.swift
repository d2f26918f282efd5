import Access
import Cascade
import Tree

/// The tree as the caller sees it.
extension Call {
    /// Calls `body` for each node at `path` or below, and after `after`, that the caller sees or finds, until it says
    /// that this is enough: folders before what they hold, siblings sorted by name.
    ///
    /// - Returns: whether to go on.
    @discardableResult
    func walk(below node: Node, after: Path? = nil, _ body: (Node) -> Bool) throws(ServiceError) -> Bool {
        try goOn()
        let path = node.entry.path
        guard standing.finds(path) else { return true }
        let isPassed = after.map { path <= $0 } ?? false
        // What sorts before a path without being above it sorts before it with all that it holds.
        if isPassed, after.map(path.contains) == false { return true }
        guard isPassed || body(node) else { return false }
        for child in node.sortedChildren where try !walk(below: child, after: after, body) { return false }
        return true
    }

    /// The descriptors at `path` or below, and after `after`, that a selector means and the caller sees, sorted by path.
    ///
    /// - Parameter limit: how many at most. Of what lies behind them little or nothing is looked at.
    func machines(
        below path: Path, _ selector: Selector?, after: Path? = nil, atMost limit: Int = .max
    ) throws(ServiceError) -> Selection {
        var selection = Selection()
        guard let selector, selector.asksForDefinition else {
            guard let node = snapshot.tree[path] else { return selection }
            try walk(below: node, after: after) { node in
                if node.entry.kind == .vm {
                    selection.add(node.entry, selector.map { snapshot.verdict(of: $0, on: node.entry) } ?? .yes)
                }
                return selection.meant.count < limit
            }
            return selection
        }
        var (share, count) = ([Batch](), 0)
        for batch in candidates(below: path, selector, after: after) where selection.meant.count < limit {
            share.append(batch)
            count += batch.machines.count
            guard count >= Call.share else { continue }
            selection.add(try share.selection(selector, in: snapshot, until: self.limit))
            (share, count) = ([], 0)
        }
        selection.add(try share.selection(selector, in: snapshot, until: self.limit))
        return selection.prefix(limit)
    }

    /// The descriptors at `path` or below, and after `after`, that the caller sees, but for those whose fields tell that a
    /// selector does not mean them; sorted by path.
    func candidates(below path: Path, _ selector: Selector?, after: Path? = nil) -> [Batch] {
        let isFound: ((Path) -> Bool)? = standing.seesEverything ? nil : { standing.finds($0) }
        let batches = snapshot.tree.batches(below: path, snapshot.inheritances, where: isFound)
        guard selector != nil || after != nil else { return batches }
        return batches.compactMap { batch in
            batch.filter { entry in (after.map { $0 < entry.path } ?? true) && isCandidate(entry, selector) }
        }
    }

    /// Whether its fields leave it open that a selector means a descriptor.
    func isCandidate(_ entry: Entry, _ selector: Selector?) -> Bool {
        selector.map { snapshot.verdict(of: $0, on: entry) } != .no
    }

    /// How many definitions are computed, on all cores, before it is looked whether that is enough.
    private static let share = 4096
}
