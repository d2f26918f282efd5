import Access
import HashTreeCollections
import Hypervisor
import Lifecycle
import Logging
import Store
import Synchronization
import Tree

/// Long work: accepted when it is in the store, done in the order of a `Schedule`, tried again while a hypervisor does
/// not answer, taken up again after a crash.
///
/// `change` is where an operation becomes another one: in the store, then in memory and in the figures. Nothing begins or
/// ends that the store does not know of: while it cannot be written, operations wait, and so does whatever else is asked of
/// their machines. So the store tells at any time what is still to be done, and nothing is done a second time.
actor Operations {
    let store: any StateStore
    let options: Service.Options
    private let current: CurrentSnapshot
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
    /// The pauses of operations that wait for the store, which closing cuts short.
    private var pauses: Set<Task<Void, Never>> = []

    private struct Job {
        let order: Order
        let machine: EntryID
        /// Whether an earlier run of the service accepted it, and nothing has been done in this one.
        var isResumed = false
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
        _ store: any StateStore, _ current: CurrentSnapshot, _ writer: Writer, _ hypervisors: Connections, _ feed: Feed,
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
    func cancel(_ id: Int) async throws(ServiceError) -> Operation {
        let operation = try operation(id)
        guard !operation.state.isEnd else {
            throw .conflict(operation.path, "operation \(id) has ended: \(operation.state.rawValue)")
        }
        let parts = open.values.filter { part in
            (part.parent == id || part.id == id) && jobs[part.id]?.isCancelled == false
        }
        let cancelled = parts.filter { $0.state == .queued }.map { $0.ended(.cancelled, nil) }
        // All of them or none: who is told that they are cancelled is told what is on disk.
        try ServiceError.wrapping { () throws(StoreError) in try store.save(cancelled) }
        for part in cancelled {
            put(part)
            leave(part.id)
        }
        for part in parts where part.state != .queued {
            jobs[part.id]?.isCancelled = true
            if schedule.isPaused(part.id) {
                jobs[part.id]?.task?.cancel()
            } else {
                note(part.id, "cancelled: what the hypervisor is working on is let end")
            }
        }
        if let parent = cancelled.first?.parent { await settle(parent, cancelled.count) }
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

// What is done to single machines.
extension Operations {
    private func enqueue(_ operation: Operation, _ order: Order, _ machine: Entry, isResumed: Bool = false) {
        admit(operation)
        let endpoint = current.snapshot.endpoint(of: machine)
        if let endpoint { schedule.allow(endpoint.concurrency, at: endpoint.address) }
        jobs[operation.id] = Job(order: order, machine: machine.id, isResumed: isResumed)
        schedule.add(
            Schedule.Job(
                number: operation.id, machine: machine.id, address: endpoint?.address, principal: operation.principal))
        _ = busy.withLock { $0.insert(machine.id) }
    }

    /// Which one a descriptor's machine is.
    private func build(_ machine: EntryID) -> Int { current.snapshot.records[machine]?.build ?? 0 }

    /// Begins what may begin.
    private func advance() {
        guard !isClosed else { return }
        for number in schedule.begin() { jobs[number]?.task = Task { await run(number) } }
    }

    private func run(_ number: Int) async {
        guard let operation = open[number], let job = jobs[number] else { return }
        let build = build(job.machine)
        guard await change(number, { $0.begin(build) }) else { return }
        if let parent = operation.parent, open[parent]?.state == .queued {
            _ = await change(parent) { $0.begin(nil) }
        }
        let work = Work(
            order: job.order, id: job.machine, number: number, build: open[number]?.build ?? build,
            isRepeated: operation.started != nil, writer: writer, hypervisors: hypervisors,
            grace: job.order.grace ?? options.grace)
        do throws(Setback) {
            if job.isResumed {
                try await work.refuseOutdated(operation)
                jobs[number]?.isResumed = false
            }
            try await work.run(
                { step in await self.report(number, step) }, leaving: { await self.noteForgotten($0, operation) })
            await finish(number, .done, nil)
        } catch {
            switch error {
            case _ where isClosed: log.notice("operation \(number) is cut off and goes on at the next start")
            case .failed(let error): await finish(number, .failed, error.forAnybody.document.detail)
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
            await report(
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
        await finish(number, state, detail)
    }
}

// How operations change.
extension Operations {
    private func admit(_ operation: Operation) {
        guard open.updateValue(operation, forKey: operation.id) == nil else { return }
        tally.withLock { $0.enter(operation.state) }
        feed.tell(operation)
    }

    private func report(_ number: Int, _ step: String) async {
        _ = await change(number) { $0.add(step) }
    }

    /// Adds a step that nothing depends on.
    private func note(_ number: Int, _ step: String) {
        guard var operation = open[number] else { return }
        operation.add(step)
        put(operation)
        do {
            try store.save(operation)
        } catch {
            log.error("a step of operation \(number) cannot be kept yet: \(error)")
        }
    }

    private func finish(_ number: Int, _ state: Operation.State, _ error: String?) async {
        guard await change(number, { $0 = $0.ended(state, error) }) else { return }
        let parent = open[number]?.parent
        leave(number)
        if let parent { await settle(parent, 1) }
    }

    /// Forgets an operation that has ended, and lets begin what waited for its machine.
    private func leave(_ number: Int) {
        schedule.end(number)
        if let machine = jobs.removeValue(forKey: number)?.machine, !schedule.isBusy(machine) {
            _ = busy.withLock { $0.remove(machine) }
        }
        open[number] = nil
        for pause in waits.removeValue(forKey: number) ?? [] { pause.cancel() }
    }

    /// Counts parts that have ended, and ends the whole with the last.
    private func settle(_ parent: Int, _ count: Int) async {
        guard let before = remaining[parent] else { return }
        let left = before - count
        remaining[parent] = left
        _ = await change(parent) { $0.done = max($0.done, $0.total - left) }
        if left == 0 { await conclude(parent) }
    }

    /// Ends an operation whose parts have all ended with what came of them.
    private func conclude(_ number: Int) async {
        guard let operation = open[number] else { return }
        remaining[number] = nil
        do {
            // Newest first.
            let parts = try store.operations(of: number, before: nil, limit: operation.total)
            guard parts.count == operation.total else {
                return await finish(number, .failed, "\(parts.count) of its \(operation.total) parts are known")
            }
            let (state, error) = Self.outcome(parts)
            await finish(number, state, error)
        } catch {
            await finish(number, .failed, "what came of its parts is not known: \(error)")
        }
    }

    /// What comes of an operation whose parts, newest first, have ended: cancelled if one of them was, else failed if one
    /// of them did. What failed is told in either case.
    static func outcome(_ parts: [Operation]) -> (state: Operation.State, error: String?) {
        let failed = parts.filter { $0.state == .failed }
        let isCancelled = parts.contains { $0.state == .cancelled }
        let error = failed.last.map { "\(failed.count) of \(parts.count) machines failed: \($0.error ?? "")" }
        return (isCancelled ? .cancelled : failed.isEmpty ? .done : .failed, error)
    }

    /// Makes an operation another one: in the store, then for all to see. While the store cannot be written, it waits, and
    /// the operation says what for.
    ///
    /// - Returns: false if nothing was changed, since the operation ended meanwhile, or the service does.
    private func change(_ number: Int, _ change: (inout Operation) -> Void) async -> Bool {
        var failures = 0
        while var operation = open[number] {
            change(&operation)
            do {
                try store.save(operation)
            } catch  where error.reason.isTransient {
                if isClosed { return false }
                failures += 1
                if failures == 1 { wait(number, for: error) }
                await pause(Self.storePatience.growing(failures))
                continue
            } catch {
                if isClosed { return false }
                // No waiting helps: its row is gone.
                log.error("operation \(number) cannot be kept: \(error)")
            }
            put(operation)
            return true
        }
        return false
    }

    /// Shows, in memory, that an operation waits for the store. The step is kept with whatever is written next.
    private func wait(_ number: Int, for error: StoreError) {
        log.error("operation \(number) waits: \(error)")
        guard var operation = open[number] else { return }
        operation.add("\(error.waiting); goes on as soon as it can be written")
        put(operation)
    }

    /// How often the store is tried again.
    private static let storePatience = Patience(firstPause: .milliseconds(100), longestPause: .seconds(5))

    /// Waits, whatever becomes of the task, until the service closes.
    private func pause(_ duration: Duration) async {
        guard !isClosed else { return }
        let pause = Task { _ = try? await Task.sleep(for: duration) }
        pauses.insert(pause)
        await pause.value
        pauses.remove(pause)
    }

    /// Shows an operation as it is by now.
    private func put(_ operation: Operation) {
        guard let known = open.updateValue(operation, forKey: operation.id) else { return }
        tally.withLock { tally in
            tally.leave(known.state)
            tally.enter(operation.state)
        }
        feed.tell(operation)
    }
}

extension Operation {
    /// - Parameter build: which one its machine is now.
    fileprivate mutating func begin(_ build: Int?) {
        state = .running
        self.build = self.build ?? build
        started = started ?? Clock.now
    }

    fileprivate mutating func add(_ step: String) {
        steps.append(Step(time: Clock.now, text: step.storable))
    }

    fileprivate func ended(_ state: State, _ error: String?) -> Operation {
        var operation = self
        operation.state = state
        operation.error = error?.storable
        operation.ended = Clock.now
        if state == .done { operation.done = total }
        return operation
    }
}

extension String {
    /// Without U+0000, which no hypervisor's message should hold, and with which none could be kept.
    fileprivate var storable: String { contains("\0") ? replacing("\0", with: "\u{FFFD}") : self }
}

extension Duration {
    fileprivate var milliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
