import Store

extension Operations {
    /// An operation as it stands; one with parts counts those that have ended.
    func operation(_ id: Int) throws(ServiceError) -> Operation {
        if let operation = open[id] { return operation }
        let stored = try ServiceError.wrapping { () throws(StoreError) in try store.operation(id) }
        guard let stored else { throw .noOperation(id) }
        return stored
    }

    /// Waits until an operation has ended, or for so long.
    func wait(_ id: Int, _ duration: Duration) async throws(ServiceError) -> Operation {
        guard open[id] != nil, !isClosed else { return try operation(id) }
        let pause = Task { _ = try? await Task.sleep(for: duration) }
        waits[id, default: []].insert(pause)
        await pause.value
        waits[id]?.remove(pause)
        return try operation(id)
    }

    /// Up to so many operations with smaller numbers than `before`, newest first.
    ///
    /// - Parameter isShown: which of them. The only place where one is let into a list.
    func list(
        of parent: Int?, before: Int?, limit: Int, _ isShown: @Sendable (Operation) -> Bool
    ) throws(ServiceError) -> [Operation] {
        var shown: [Operation] = []
        var end = before
        while shown.count < limit {
            let page = try ServiceError.wrapping { () throws(StoreError) in
                try store.operations(of: parent, before: end, limit: limit)
            }
            shown += page.lazy.map { self.open[$0.id] ?? $0 }.filter(isShown)
            guard page.count == limit, let last = page.last else { break }
            end = last.id
        }
        return Array(shown.prefix(limit))
    }
}

extension ServiceError {
    static func noOperation(_ id: Int) -> ServiceError { .notFound("there is no operation \(id)") }
}
