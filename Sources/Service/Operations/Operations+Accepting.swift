import Access
import HashTreeCollections
import Store
import Tree

// What comes in and goes out.
extension Operations {
    /// Accepts a verb on a machine, or on all machines below a folder that the selector means.
    func accept(
        _ order: Order, at path: Path, _ targets: [Entry], isFolder: Bool, _ author: Author
    ) async throws(ServiceError) -> Operation {
        if order.forgets { await giveUp(on: Set(targets.map(\.id))) }
        let (now, audit) = (Clock.now, author.trail?.done(at: path))
        let parts = targets.map {
            Operation(
                verb: order.description, path: $0.path, machine: $0.id,
                build: schedule.isBusy($0.id) ? nil : build($0.id),
                principal: author.principal.name, created: now)
        }
        if !isFolder, let part = parts.first, let target = targets.first {
            let stored = try ServiceError.wrapping { () throws(StoreError) in try store.insert(part, audit: audit) }
            author.trail?.close()
            enqueue(stored, order, target)
            advance()
            return open[stored.id] ?? stored
        }
        let whole = Operation(
            verb: order.description, path: path, total: targets.count, principal: author.principal.name, created: now)
        let stored = try ServiceError.wrapping { () throws(StoreError) in
            try store.insert(whole, children: parts, audit: audit)
        }
        author.trail?.close()
        guard let whole = stored.first else { return whole }
        admit(whole)
        remaining[whole.id] = parts.count
        for (part, target) in zip(stored.dropFirst(), targets) { enqueue(part, order, target) }
        if parts.isEmpty { await conclude(whole.id) }
        advance()
        return try operation(whole.id)
    }

    /// Takes up the operations that had not ended when the daemon did.
    ///
    /// - Parameter overtaken: those of them after which another one began on the same machine, with that one's number. They
    ///   had ended, or it could not have begun, and the machine is no longer the one that they were meant for.
    func resume(_ unfinished: [Operation], overtaken: [Int: Int]) {
        for operation in unfinished {
            admit(operation)
            if let parent = operation.parent { remaining[parent, default: 0] += 1 }
        }
        for operation in unfinished where remaining[operation.id] == nil {
            guard let machine = operation.machine else {
                Task { await conclude(operation.id) }
                continue
            }
            do throws(ResumptionError) {
                let record = current.snapshot.records[machine] ?? Record()
                let later = max(overtaken[operation.id] ?? 0, record.operation ?? 0)
                guard later <= operation.id else { throw .overtaken(by: later) }
                guard let order = Order(operation.verb) else { throw .unknownVerb(operation.verb) }
                if order.verb.isDestructive, record.operation != operation.id, let build = operation.build,
                    build != record.build
                {
                    throw .otherMachine(operation.path, order.verb, build, found: record.build)
                }
                guard let entry = current.snapshot.entry(machine) else { throw .deleted(operation.path) }
                enqueue(operation, order, entry, isResumed: true)
            } catch {
                let reason = "\(error)"
                Task { await finish(operation.id, .failed, reason) }
            }
        }
        advance()
    }

    /// Gives up what has not begun, and what waits for a hypervisor; what one is working on is let end, and not tried
    /// again.
    ///
    /// - Parameter isMeant: which parts of it.
    func cancel(
        _ id: Int, where isMeant: @Sendable (Operation) -> Bool = { _ in true }
    ) async throws(ServiceError) -> Operation {
        let operation = try operation(id)
        guard !operation.state.isEnd else { throw .ended(operation) }
        let parts = open.values.filter { part in
            (part.parent == id || part.id == id) && jobs[part.id]?.isCancelled == false && isMeant(part)
        }
        let changed = parts.map { $0.cancelled(whileWaiting: schedule.isPaused($0.id)) }
        // All of them or none: who is told that they are cancelled is told what is on disk.
        try ServiceError.wrapping { () throws(StoreError) in try store.save(changed) }
        for part in changed {
            put(part)
            if part.state.isEnd {
                leave(part.id)
            } else {
                jobs[part.id]?.isCancelled = true
                if schedule.isPaused(part.id) { jobs[part.id]?.task?.cancel() }
            }
        }
        let ended = changed.filter(\.state.isEnd)
        if let parent = ended.first?.parent { await settle(parent, ended.count) }
        advance()
        return try self.operation(id)
    }

    /// Begins nothing any more and gives up what can be given up. What had not ended stays so in the store, and is taken
    /// up again from there.
    func close() async {
        isClosed = true
        for pause in waits.values.joined() { pause.cancel() }
        for pause in pauses { pause.cancel() }
        let tasks = jobs.values.compactMap(\.task)
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }
}
