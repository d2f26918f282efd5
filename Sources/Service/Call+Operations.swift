import Access
import OrderedCollections
import Store
import Tree

/// Operations as the caller sees them: of one on a folder the parts at places that he may view, as if there were no more.
extension Call {
    /// An operation; refused as missing if the caller may not view what it is done to.
    func operation(_ id: Int) async throws(ServiceError) -> Operation {
        let operation = try await parts.operations.operation(id)
        guard sees(operation.path) else { throw .noOperation(id) }
        return operation
    }

    /// Up to `limit` operations with a number below `before`, newest first.
    func operations(of parent: Int?, before: Int?, limit: Int) async throws(ServiceError) -> [Operation] {
        var seen: [Operation] = []
        var (next, looks) = (before, 0)
        while seen.count < limit, looks < Self.longestLook {
            let page = try await parts.operations.list(of: parent, before: next, limit: limit)
            seen += page.filter { sees($0.path) }
            looks += page.count
            next = page.last?.id
            if page.count < limit { break }
        }
        return Array(seen.prefix(limit))
    }

    /// How many operations one answer looks at.
    private static let longestLook = 10_000

    func document(of operation: Operation) async throws(ServiceError) -> Map {
        var operation = operation
        if !standing.seesAll(below: operation.path) { try await hideParts(of: &operation) }
        var document = operation.document
        if let parent = operation.parent, try await !sees(parts.operations.operation(parent).path) {
            document["parent"] = nil
        }
        return document
    }

    /// Counts what the caller sees, and says what came of that.
    private func hideParts(of operation: inout Operation) async throws(ServiceError) {
        let all = try await parts.operations.list(of: operation.id, before: nil, limit: operation.total)
        guard !all.isEmpty else { return }
        let seen = all.filter { sees($0.path) }
        operation.total = seen.count
        operation.done = seen.count { $0.state.isEnd }
        guard operation.state.isEnd else { return }
        let failed = seen.filter { $0.state == .failed }
        operation.state =
            !failed.isEmpty ? .failed : seen.contains { $0.state == .cancelled } ? .cancelled : .done
        operation.error = failed.last.map { Operations.failure(failed.count, of: seen.count, $0) }
    }

    /// Refuses to cancel what the caller could not have asked for.
    func refuseCancelling(_ operation: Operation) throws(ServiceError) {
        guard let rights = Order(operation.verb)?.verb.rights else { return }
        guard let node = snapshot.tree[operation.path] else {
            return try require(rights, at: operation.path)
        }
        try standing.require(rights, below: node)
    }
}

extension ServiceError {
    static func noOperation(_ id: Int) -> ServiceError { .notFound("there is no operation \(id)") }
}
