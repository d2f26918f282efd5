import Access
import OrderedCollections
import Store
import Tree

/// Operations as the caller sees them: of one on a folder the parts at places that he may view, as if there were no more.
extension Call {
    /// Whether an operation exists for the caller: whether its entry does, where it stood then and where it stands now. On
    /// what is gone, it exists for who asked for it, and for who sees all.
    func shows(_ operation: Operation) -> Bool {
        guard sees(operation.path) else { return false }
        let place = operation.machine.map { snapshot.entry($0)?.path } ?? snapshot.tree[operation.path]?.entry.path
        guard let place else { return operation.principal == principal.name || standing.seesEverything }
        return sees(place)
    }

    /// Waits until an operation has ended for the caller, or for so long: parts that he does not see keep no answer from him.
    func wait(for operation: Operation, _ duration: Duration) async throws(ServiceError) -> Operation {
        let operations = parts.operations
        guard hidesParts(of: operation) else { return try await operations.wait(operation.id, duration) }
        let end = ContinuousClock.now + duration
        for part in try await seenParts(of: operation) where !part.state.isEnd {
            let left = ContinuousClock.now.duration(to: end)
            guard left > .zero else { break }
            _ = try await operations.wait(part.id, left)
        }
        return try await operations.operation(operation.id)
    }

    /// Whether some of an operation's parts may be hidden from the caller.
    private func hidesParts(of operation: Operation) -> Bool {
        operation.machine == nil && !standing.seesAll(below: operation.path)
    }

    private func seenParts(of operation: Operation) async throws(ServiceError) -> [Operation] {
        try await parts.operations.list(of: operation.id, before: nil, limit: operation.total) { shows($0) }
    }

    func document(of operation: Operation) async throws(ServiceError) -> Map {
        var operation = operation
        if hidesParts(of: operation) { try await hideParts(of: &operation) }
        var document = operation.document
        if let parent = operation.parent, try await !shows(parts.operations.operation(parent)) {
            document["parent"] = nil
        }
        return document
    }

    /// Counts what the caller sees, and says what came of that, and when.
    private func hideParts(of operation: inout Operation) async throws(ServiceError) {
        let seen = try await seenParts(of: operation)
        operation.total = seen.count
        operation.done = seen.count { $0.state.isEnd }
        operation.started = seen.compactMap(\.started).min()
        guard seen.allSatisfy(\.state.isEnd) else {
            operation.state = seen.allSatisfy { $0.state == .queued } ? .queued : .running
            (operation.ended, operation.error) = (nil, nil)
            return
        }
        (operation.state, operation.error) = Operations.outcome(seen)
        operation.ended = seen.compactMap(\.ended).max() ?? operation.created
    }

    /// Gives up what has not begun of an operation: of one on a folder the parts that the caller could ask for.
    func cancel(_ operation: Operation) async throws(ServiceError) -> Operation {
        let rights = (Order(operation.verb)?.rights ?? []).union([.view])
        let (standing, snapshot) = (standing, snapshot)
        @Sendable func place(of part: Operation) -> Path {
            part.machine.flatMap { snapshot.entry($0)?.path } ?? part.path
        }
        @Sendable func isOpenToCaller(_ part: Operation) -> Bool {
            standing.rights(at: place(of: part)).isSuperset(of: rights)
        }
        let seen = operation.machine == nil ? try await seenParts(of: operation) : [operation]
        let open = seen.filter { !$0.state.isEnd }
        for parts in [seen, open.isEmpty ? seen : open] where !parts.contains(where: isOpenToCaller) {
            try require(rights, at: place(of: parts.last ?? operation))
        }
        if open.isEmpty, hidesParts(of: operation) {
            var whole = operation
            try await hideParts(of: &whole)
            throw .ended(whole)
        }
        return try await parts.operations.cancel(operation.id, where: isOpenToCaller)
    }
}
