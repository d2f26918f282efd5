import HashTreeCollections
import Hypervisor
import Lifecycle
import Logging
import Store
import Synchronization
import Tree

// What is done to single machines.
extension Operations {
    func enqueue(_ operation: Operation, _ order: Order, _ machine: Entry, isResumed: Bool = false) {
        admit(operation)
        let endpoint = current.snapshot.endpoint(of: machine)
        if let endpoint { schedule.allow(endpoint.concurrency, at: endpoint.address) }
        jobs[operation.id] = Job(
            order: order, machine: machine.id, isResumed: isResumed, isCancelled: operation.isCancelled)
        schedule.add(
            Schedule.Job(
                number: operation.id, machine: machine.id, address: endpoint?.address, principal: operation.principal))
        _ = busy.withLock { $0.insert(machine.id) }
    }

    /// Which one a descriptor's machine is.
    func build(_ machine: EntryID) -> Int { current.snapshot.records[machine]?.build ?? 0 }

    /// Begins what may begin.
    func advance() {
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
        if job.isResumed, job.isCancelled {
            await work.seeOnce()
            await finish(number, .cancelled, "the service ended before it knew whether the hypervisor had done it")
            return advance()
        }
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

extension Duration {
    fileprivate var milliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
