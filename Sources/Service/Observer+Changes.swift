import HashTreeCollections
import Hypervisor
import Lifecycle
import Tree

extension Observer {
    /// The time between two looks at whether the work on a machine has ended.
    private static let pace = Duration.milliseconds(100)

    /// Looks at each machine that something happened to, until the task is cancelled.
    ///
    /// News are hints where to look, nothing more: they come late, twice and out of order. Those of a machine that is
    /// being worked on are of that work, or lost in it: it is looked at when the work has ended.
    func follow(_ changes: AsyncStream<EntryID>) async {
        await withDiscardingTaskGroup { group in
            for await id in changes where current.snapshot.records[id] != nil && hints.begin(id) {
                group.addTask { await self.look(at: id) }
            }
        }
    }

    private func look(at id: EntryID) async {
        var isOver = false
        while !isOver, !Task.isCancelled {
            guard !operations.isBusy(id) else {
                try? await Task.sleep(for: Observer.pace)
                continue
            }
            isOver = hints.end(id, isDone: await ask(id))
        }
    }

    /// - Returns: false if what was seen is old already.
    private func ask(_ id: EntryID) async -> Bool {
        let snapshot = current.snapshot
        guard let endpoint = endpoint(of: id, in: snapshot) else { return true }
        do {
            let driver = hypervisors.driver(for: endpoint)
            let seen = try await driver.within(Observer.patience, of: endpoint.name) { driver throws(DriverError) in
                try await driver.observe(id)
            }
            let isNew = await tell(id, seen, snapshot.records[id])
            if isNew { await keeper.look(at: [id]) }
            return isNew
        } catch {
            // A hypervisor that does not answer shows when all its machines are asked for.
            return true
        }
    }
}
