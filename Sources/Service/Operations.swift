import Hypervisor
import Lifecycle
import Logging
import Store
import Synchronization
import Tree

/// Long work: accepted when it is in the store, done one verb at a time for each machine, taken up again after a crash.
actor Operations {
    private let store: any StateStore
    private let current: Current
    private let writer: Writer
    private let hypervisors: Connections
    private let feed: Feed
    private let log: Logger
    private let thread = SerialThread("headwater.operations")

    /// The operations that have not ended, with those that they are part of.
    private var open: [Int: Operation] = [:]
    /// Read by whoever wants figures, without waiting for the actor.
    private let tally = Mutex(Tally())
    /// The machines that something is being done to.
    private let busy = Mutex<Set<EntryID>>([])
    /// How many parts of an operation have not ended.
    private var remaining: [Int: Int] = [:]
    /// What waits for each machine that something is done to.
    private var queues: [EntryID: [Job]] = [:]

    /// What is being done, by the machine that it is done to.
    private var tasks: [EntryID: Task<Void, Never>] = [:]
    private var isClosed = false

    private struct Job {
        let operation: Int
        let order: Order
    }

    /// How many operations are in each state.
    nonisolated var counts: Tally { tally.withLock { $0 } }

    /// Whether something is being done to a machine, or waits for it.
    nonisolated func isBusy(_ id: EntryID) -> Bool { busy.withLock { $0.contains(id) } }

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// How long a guest is given to shut down.
    static let grace = Duration.seconds(60)

    init(
        _ store: any StateStore, _ current: Current, _ writer: Writer, _ hypervisors: Connections, _ feed: Feed,
        _ log: Logger
    ) {
        self.store = store
        self.current = current
        self.writer = writer
        self.hypervisors = hypervisors
        self.feed = feed
        self.log = log
    }

    /// Accepts a verb on a machine, or on all machines below a folder that the selector means.
    func accept(
        _ order: Order, at path: Path, _ targets: [Entry], isFolder: Bool, _ author: Author
    ) throws(ServiceError) -> Operation {
        let now = Clock.now
        var operation = Operation(verb: order.description, path: path, principal: author.principal, created: now)
        if !isFolder, let target = targets.first {
            let stored = try ServiceError.wrapping { () throws(StoreError) in try store.insert(operation) }
            enqueue(stored, order, target.id)
            return stored
        }
        operation.total = targets.count
        let parts = targets.map {
            Operation(verb: order.description, path: $0.path, principal: author.principal, created: now)
        }
        let stored = try ServiceError.wrapping { () throws(StoreError) in try store.insert(operation, children: parts) }
        guard let whole = stored.first else { return operation }
        admit(whole)
        remaining[whole.id] = parts.count
        for (part, target) in zip(stored.dropFirst(), targets) { enqueue(part, order, target.id) }
        if parts.isEmpty { conclude(whole.id) }
        return try self.operation(whole.id)
    }

    /// Takes up the operations that had not ended when the daemon did.
    func resume(_ unfinished: [Operation]) {
        for operation in unfinished { admit(operation) }
        for parent in unfinished.compactMap(\.parent) { remaining[parent, default: 0] += 1 }
        for operation in unfinished where remaining[operation.id] == nil {
            guard let order = Order(operation.verb) else {
                finish(operation.id, .failed, "the verb \"\(operation.verb)\" is not known to this version")
                continue
            }
            let entry = current.snapshot.tree[operation.path]?.entry
            if entry?.kind == .folder || hasParts(operation.id) {
                conclude(operation.id)
                continue
            }
            guard let entry else {
                finish(operation.id, .failed, "\(operation.path) is no machine any more")
                continue
            }
            enqueue(operation, order, entry.id)
        }
    }

    /// An operation as it stands; one with parts counts those that have ended.
    func operation(_ id: Int) throws(ServiceError) -> Operation {
        if let operation = open[id] { return operation }
        let stored = try ServiceError.wrapping { () throws(StoreError) in try store.operation(id) }
        guard let stored else { throw .notFound("there is no operation \(id)") }
        return stored
    }

    /// Waits until an operation has ended, or for so long.
    func wait(_ id: Int, _ duration: Duration) async throws(ServiceError) -> Operation {
        let end = ContinuousClock.now.advanced(by: duration)
        while let operation = open[id], !operation.state.isEnd, ContinuousClock.now < end {
            do {
                try await Task.sleep(for: .milliseconds(20))
            } catch {
                break
            }
        }
        return try operation(id)
    }

    func list(of parent: Int?, before: Int?, limit: Int) throws(ServiceError) -> [Operation] {
        let stored = try ServiceError.wrapping { () throws(StoreError) in
            try store.operations(of: parent, before: before, limit: limit)
        }
        return stored.map { open[$0.id] ?? $0 }
    }

    /// Gives up what has not begun; what runs on a hypervisor is let end.
    func cancel(_ id: Int) throws(ServiceError) -> Operation {
        let operation = try operation(id)
        guard !operation.state.isEnd else {
            throw .conflict(operation.path, "operation \(id) has ended: \(operation.state.rawValue)")
        }
        for part in open.values where part.parent == id || part.id == id {
            if part.state == .queued, remaining[part.id] == nil { finish(part.id, .cancelled, nil) }
        }
        return try self.operation(id)
    }

    private func admit(_ operation: Operation) {
        guard open.updateValue(operation, forKey: operation.id) == nil else { return }
        tally.withLock { $0.enter(operation.state) }
        feed.tell(operation)
    }

    private func enqueue(_ operation: Operation, _ order: Order, _ id: EntryID) {
        admit(operation)
        let isIdle = queues[id] == nil
        queues[id, default: []].append(Job(operation: operation.id, order: order))
        guard isIdle else { return }
        _ = busy.withLock { $0.insert(id) }
        tasks[id] = Task { await drain(id) }
    }

    /// Does what waits for a machine, one after the other.
    private func drain(_ id: EntryID) async {
        while !isClosed, let job = queues[id]?.first {
            queues[id]?.removeFirst()
            await run(job.operation, job.order, id)
        }
        queues[id] = nil
        tasks[id] = nil
        _ = busy.withLock { $0.remove(id) }
    }

    /// Begins nothing any more and gives up what can be given up. What had not ended stays so in the store, and is taken
    /// up again from there.
    func close() async {
        isClosed = true
        let running = Array(tasks.values)
        for task in running { task.cancel() }
        for task in running { await task.value }
    }

    private func run(_ number: Int, _ order: Order, _ id: EntryID) async {
        guard let operation = open[number], !operation.state.isEnd else { return }
        let isRepeated = operation.started != nil
        change(number) {
            $0.state = .running
            $0.started = $0.started ?? Clock.now
        }
        if let parent = operation.parent, open[parent]?.state == .queued {
            change(parent) {
                $0.state = .running
                $0.started = Clock.now
            }
        }
        let work = Work(
            order: order, id: id, isRepeated: isRepeated, writer: writer, hypervisors: hypervisors,
            grace: Operations.grace)
        do {
            try await work.run { step in await self.report(number, step) }
            finish(number, .done, nil)
        } catch  where !isClosed {
            finish(number, .failed, error.document.detail)
        } catch {
            log.notice("operation \(number) is cut off and goes on at the next start")
        }
    }

    private func report(_ number: Int, _ step: String) {
        change(number) { $0.steps.append(Operation.Step(time: Clock.now, text: step)) }
    }

    private func finish(_ number: Int, _ state: Operation.State, _ error: String?) {
        change(number) {
            $0.state = state
            $0.error = error
            $0.ended = Clock.now
            if state == .done { $0.done = $0.total }
        }
        guard let operation = open.removeValue(forKey: number), let parent = operation.parent else { return }
        settle(parent)
    }

    /// Counts a part that has ended, and ends the whole with the last.
    private func settle(_ parent: Int) {
        guard let count = remaining[parent] else { return }
        remaining[parent] = count - 1
        change(parent) { $0.done = $0.total - count + 1 }
        if count == 1 { conclude(parent) }
    }

    /// Ends an operation whose parts have all ended with what came of them.
    private func conclude(_ number: Int) {
        guard let operation = open[number] else { return }
        remaining[number] = nil
        do {
            // Newest first.
            let parts = try store.operations(of: number, before: nil, limit: operation.total)
            let failed = parts.filter { $0.state == .failed }
            if let first = failed.last {
                finish(number, .failed, "\(failed.count) of \(parts.count) machines failed: \(first.error ?? "")")
            } else {
                finish(number, parts.contains { $0.state == .cancelled } ? .cancelled : .done, nil)
            }
        } catch {
            finish(number, .failed, "what came of its parts is not known: \(error)")
        }
    }

    private func hasParts(_ number: Int) -> Bool {
        let parts = try? store.operations(of: number, before: nil, limit: 1)
        return parts?.isEmpty == false
    }

    private func change(_ number: Int, _ change: (inout Operation) -> Void) {
        guard var operation = open[number] else { return }
        let state = operation.state
        change(&operation)
        open[number] = operation
        tally.withLock { tally in
            tally.leave(state)
            tally.enter(operation.state)
        }
        do {
            try store.save(operation)
        } catch {
            log.error("operation \(number) cannot be kept: \(error)")
        }
        feed.tell(operation)
    }
}
