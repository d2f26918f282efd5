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
    ) throws(ServiceError) -> [Entry] {
        var entries: [Entry] = []
        guard let selector, selector.asksForDefinition else {
            guard let node = snapshot.tree[path] else { return [] }
            try walk(below: node, after: after) { node in
                if node.entry.kind == .vm, isCandidate(node.entry, selector) { entries.append(node.entry) }
                return entries.count < limit
            }
            return entries
        }
        var (share, count) = ([Batch](), 0)
        for batch in candidates(below: path, selector, after: after) where entries.count < limit {
            share.append(batch)
            count += batch.machines.count
            guard count >= Call.share else { continue }
            entries += try share.entries(selector, until: self.limit)
            (share, count) = ([], 0)
        }
        entries += try share.entries(selector, until: self.limit)
        return Array(entries.prefix(limit))
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
        selector?.matches { snapshot.field($0, of: entry) } ?? true
    }

    /// How many definitions are computed, on all cores, before it is looked whether that is enough.
    private static let share = 4096
}

extension [Batch] {
    /// The descriptors whose computed definition a selector means.
    fileprivate func entries(_ selector: Selector, until limit: WorkLimit?) throws(ServiceError) -> [Entry] {
        try parallelMap(until: limit) { run in run.flatMap { $0.entries(selector) } }.flatMap { $0 }
    }
}

extension Batch {
    /// The descriptors whose computed definition a selector means.
    func entries(_ selector: Selector?) -> [Entry] {
        guard let selector, selector.asksForDefinition else { return entries }
        return map { selector.matches($1.definition) ? $0 : nil }.compactMap { $0 }
    }
}
