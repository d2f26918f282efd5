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
    let current: CurrentSnapshot
    let writer: Writer
    let hypervisors: Connections
    private let feed: Feed
    let log: Logger
    private let thread = SerialThread("headwater.operations")

    /// The operations that have not ended, with those that they are part of.
    private(set) var open: [Int: Operation] = [:]
    /// Read by whoever wants figures, without waiting for the actor.
    private let tally = Mutex(Tally())
    /// How many parts of an operation have not ended.
    var remaining: [Int: Int] = [:]

    var schedule = Schedule()
    /// The machines that something is done to, or is to be.
    let busy = Mutex<Set<EntryID>>([])
    /// What is done to single machines, by the numbers of the operations.
    var jobs: [Int: Job] = [:]
    var isClosed = false
    /// The pauses of those who wait for an operation's end, which cuts them short.
    var waits: [Int: Set<Task<Void, Never>>] = [:]
    /// The pauses of operations that wait for the store, which closing cuts short.
    var pauses: Set<Task<Void, Never>> = []

    struct Job {
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

// How operations change.
extension Operations {
    func admit(_ operation: Operation) {
        guard open.updateValue(operation, forKey: operation.id) == nil else { return }
        tally.withLock { $0.enter(operation.state) }
        feed.tell(operation)
    }

    func report(_ number: Int, _ step: String) async {
        _ = await change(number) { $0.add(step) }
    }

    func finish(_ number: Int, _ state: Operation.State, _ error: String?) async {
        guard await change(number, { $0 = $0.ended(state, error) }) else { return }
        let parent = open[number]?.parent
        leave(number)
        if let parent { await settle(parent, 1) }
    }

    /// Forgets an operation that has ended, and lets begin what waited for its machine.
    func leave(_ number: Int) {
        schedule.end(number)
        if let machine = jobs.removeValue(forKey: number)?.machine, !schedule.isBusy(machine) {
            _ = busy.withLock { $0.remove(machine) }
        }
        open[number] = nil
        for pause in waits.removeValue(forKey: number) ?? [] { pause.cancel() }
    }

    /// Counts parts that have ended, and ends the whole with the last.
    func settle(_ parent: Int, _ count: Int) async {
        guard let before = remaining[parent] else { return }
        let left = before - count
        remaining[parent] = left
        _ = await change(parent) { $0.done = max($0.done, $0.total - left) }
        if left == 0 { await conclude(parent) }
    }

    /// Ends an operation whose parts have all ended with what came of them.
    func conclude(_ number: Int) async {
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
    func change(_ number: Int, _ change: (inout Operation) -> Void) async -> Bool {
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
    func put(_ operation: Operation) {
        guard let known = open.updateValue(operation, forKey: operation.id) else { return }
        tally.withLock { tally in
            tally.leave(known.state)
            tally.enter(operation.state)
        }
        feed.tell(operation)
    }
}
