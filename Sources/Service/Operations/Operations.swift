import Access
import Hypervisor
import Lifecycle
import Logging
import Store
import Synchronization
import Tree

/// Long work: accepted when it is in the store, done in the order of a `Schedule`, tried again while a hypervisor does
/// not answer, taken up again after a crash.
///
/// `change` is where an operation becomes another one: in memory, in the figures and in the store.
actor Operations {
    let store: any StateStore
    let options: Service.Options
    private let current: Current
    private let writer: Writer
    private let hypervisors: Connections
    private let feed: Feed
    let log: Logger
    private let thread = SerialThread("headwater.operations")

    /// The operations that have not ended, with those that they are part of.
    private(set) var open: [Int: Operation] = [:]
    /// Read by whoever wants figures, without waiting for the actor.
    private let tally = Mutex(Tally())
    /// How many parts of an operation have not ended.
    private var remaining: [Int: Int] = [:]

    private var schedule = Schedule()
    /// The machines that something is done to, or is to be.
    private let busy = Mutex<Set<EntryID>>([])
    /// What is done to single machines, by the numbers of the operations.
    private var jobs: [Int: Job] = [:]
    private(set) var isClosed = false
    /// The pauses of those who wait for an operation's end, which cuts them short.
    var waits: [Int: Set<Task<Void, Never>>] = [:]

    private struct Job {
        let order: Order
        let machine: EntryID
        /// Since when the hypervisor has not answered, and how often in a row.
        var silence: (since: ContinuousClock.Instant, count: Int)?
        /// Whether it is to be given up as soon as that is possible.
        var isCancelled = false
        var task: Task<Void, Never>?
    }

    /// How many operations are in each state.
    nonisolated var counts: Tally { tally.withLock { $0 } }

    /// Whether something is being done to a machine, or waits for it.
    nonisolated func isBusy(_ id: EntryID) -> Bool { busy.withLock { $0.contains(id) } }

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(
        _ store: any StateStore, _ current: Current, _ writer: Writer, _ hypervisors: Connections, _ feed: Feed,
        _ options: Service.Options, _ log: Logger
    ) {
        self.store = store
        self.current = current
        self.writer = writer
        self.hypervisors = hypervisors
        self.feed = feed
        self.options = options
        self.log = log
    }
}

// What comes in and goes out.
extension Operations {
    /// Accepts a verb on a machine, or on all machines below a folder that the selector means.
    func accept(
        _ order: Order, at path: Path, _ targets: [Entry], isFolder: Bool, _ author: Author
    ) throws(ServiceError) -> Operation {
        let (now, audit) = (Clock.now, author.trail?.done(at: path))
        let parts = targets.map {
            Operation(
                verb: order.description, path: $0.path, machine: $0.id, principal: author.principal.name, created: now)
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
        if parts.isEmpty { conclude(whole.id) }
        advance()
        return try operation(whole.id)
    }

    /// Takes up the operations that had not ended when the daemon did.
    func resume(_ unfinished: [Operation]) {
        for operation in unfinished {
            admit(operation)
            if let parent = operation.parent { remaining[parent, default: 0] += 1 }
        }
        for operation in unfinished where remaining[operation.id] == nil {
            guard let machine = operation.machine else {
                conclude(operation.id)
                continue
            }
            guard let order = Order(operation.verb) else {
                finish(operation.id, .failed, "the verb \"\(operation.verb)\" is not known to this version")
                continue
            }
            guard let entry = current.snapshot.entry(machine) else {
                finish(operation.id, .failed, "\(operation.path): the descriptor was deleted meanwhile")
                continue
            }
            enqueue(operation, order, entry)
        }
        advance()
    }

    /// Gives up what has not begun, and what waits for a hypervisor; what one is working on is let end, and not tried
    /// again.
    func cancel(_ id: Int) throws(ServiceError) -> Operation {
        let operation = try operation(id)
        guard !operation.state.isEnd else {
            throw .conflict(operation.path, "operation \(id) has ended: \(operation.state.rawValue)")
        }
        for part in open.values where part.parent == id || part.id == id {
            guard let job = jobs[part.id], !job.isCancelled else { continue }
            if part.state == .queued {
                finish(part.id, .cancelled, nil)
            } else {
                jobs[part.id]?.isCancelled = true
                if schedule.isPaused(part.id) {
                    job.task?.cancel()
                } else {
                    report(part.id, "cancelled: what the hypervisor is working on is let end")
                }
            }
        }
        advance()
        return try self.operation(id)
    }

    /// Begins nothing any more and gives up what can be given up. What had not ended stays so in the store, and is taken
    /// up again from there.
    func close() async {
        isClosed = true
        for pause in waits.values.joined() { pause.cancel() }
        let tasks = jobs.values.compactMap(\.task)
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }
}

// What is done to single machines.
extension Operations {
    private func enqueue(_ operation: Operation, _ order: Order, _ machine: Entry) {
        admit(operation)
        let endpoint = current.snapshot.endpoint(of: machine)
        if let endpoint { schedule.allow(endpoint.concurrency, at: endpoint.address) }
        jobs[operation.id] = Job(order: order, machine: machine.id)
        schedule.add(
            Schedule.Job(
                number: operation.id, machine: machine.id, address: endpoint?.address, principal: operation.principal))
        _ = busy.withLock { $0.insert(machine.id) }
    }

    /// Begins what may begin.
    private func advance() {
        guard !isClosed else { return }
        for number in schedule.begin() { jobs[number]?.task = Task { await run(number) } }
    }

    private func run(_ number: Int) async {
        guard let operation = open[number], let job = jobs[number] else { return }
        let isRepeated = operation.started != nil
        change(number) { $0.begin() }
        if let parent = operation.parent, open[parent]?.state == .queued { change(parent) { $0.begin() } }
        let work = Work(
            order: job.order, id: job.machine, isRepeated: isRepeated, writer: writer, hypervisors: hypervisors,
            grace: job.order.grace ?? options.grace)
        do throws(Setback) {
            try await work.run { step in await self.report(number, step) }
            finish(number, .done, nil)
        } catch {
            switch error {
            case _ where isClosed: log.notice("operation \(number) is cut off and goes on at the next start")
            case .failed(let error): finish(number, .failed, error.document.detail)
            case .silent(let silence): await wait(number, for: silence, work)
            }
        }
        advance()
    }

    /// Leaves the hypervisor to others and tries again after a pause, for as long as patience lasts.
    private func wait(_ number: Int, for silence: Silence, _ work: Work) async {
        let now = ContinuousClock.now
        var trials = jobs[number]?.silence ?? (since: now, count: 0)
        trials.count += 1
        jobs[number]?.silence = trials
        let spent = trials.since.duration(to: now)
        if jobs[number]?.isCancelled != true {
            guard let pause = options.patience.pause(after: trials.count, since: spent) else {
                return await giveUp(number, silence, work, .failed, "it was tried \(trials.count) times, in vain")
            }
            report(
                number, "\(silence.error); tries again at \(Clock.text(Clock.now + pause.milliseconds))")
            schedule.pause(number)
            advance()
            try? await Task.sleep(for: pause)
        }
        if isClosed { return }
        guard jobs[number]?.isCancelled != true else {
            return await giveUp(number, silence, work, .cancelled, "it was cancelled before the hypervisor answered")
        }
        schedule.resume(number)
    }

    private func giveUp(
        _ number: Int, _ silence: Silence, _ work: Work, _ state: Operation.State, _ reason: String
    ) async {
        let detail = "\(silence.error); \(reason)"
        await work.giveUp(silence, detail)
        finish(number, state, detail)
    }
}

// How operations change.
extension Operations {
    private func admit(_ operation: Operation) {
        guard open.updateValue(operation, forKey: operation.id) == nil else { return }
        tally.withLock { $0.enter(operation.state) }
        feed.tell(operation)
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
        schedule.end(number)
        if let machine = jobs.removeValue(forKey: number)?.machine, !schedule.isBusy(machine) {
            _ = busy.withLock { $0.remove(machine) }
        }
        let operation = open.removeValue(forKey: number)
        for pause in waits.removeValue(forKey: number) ?? [] { pause.cancel() }
        guard let operation, let parent = operation.parent else { return }
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
            if parts.count != operation.total {
                finish(number, .failed, "\(parts.count) of its \(operation.total) parts are known")
            } else if let first = failed.last {
                finish(number, .failed, Self.failure(failed.count, of: parts.count, first))
            } else {
                finish(number, parts.contains { $0.state == .cancelled } ? .cancelled : .done, nil)
            }
        } catch {
            finish(number, .failed, "what came of its parts is not known: \(error)")
        }
    }

    /// Why an operation with parts failed.
    static func failure(_ failed: Int, of all: Int, _ first: Operation) -> String {
        "\(failed) of \(all) machines failed: \(first.error ?? "")"
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

extension Operation {
    fileprivate mutating func begin() {
        state = .running
        started = started ?? Clock.now
    }
}

extension Duration {
    fileprivate var milliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
