import DequeModule
import Lifecycle
import OrderedCollections
import Tree

/// Decides what is done next: one thing at a time to a machine, so many at once on a hypervisor, and turn by turn for
/// those who ask, so that a thousand machines of one person do not keep another's single one waiting.
///
/// A value: it begins nothing itself. Numbers are those of operations; each is added once and ended once.
struct Schedule {
    private var jobs: [Int: Job] = [:]
    /// What is to be done to each machine, in the order in which it was asked for. Only the first is not waiting.
    private var lines: [EntryID: Deque<Int>] = [:]
    private var counters: OrderedDictionary<Endpoint.Address?, Counter> = [:]

    /// Something that is to be done to a machine.
    struct Job: Hashable, Sendable {
        let number: Int
        let machine: EntryID
        /// The hypervisor that it is done on; nil: it is not known, and nothing bounds the work that finds that out.
        let address: Endpoint.Address?
        let principal: String
        fileprivate var phase = Phase.waiting

        init(number: Int, machine: EntryID, address: Endpoint.Address?, principal: String) {
            self.number = number
            self.machine = machine
            self.address = address
            self.principal = principal
        }
    }

    fileprivate enum Phase {
        /// Something else is done to the machine first.
        case waiting
        /// It begins when its turn comes.
        case ready
        case running
        /// It has the machine to itself and leaves its place on the hypervisor to others.
        case paused
    }

    /// Whether something is done to a machine, or is to be.
    func isBusy(_ machine: EntryID) -> Bool { lines[machine] != nil }

    func isPaused(_ number: Int) -> Bool { jobs[number]?.phase == .paused }

    mutating func add(_ job: Job) {
        guard jobs[job.number] == nil else { return }
        jobs[job.number] = job
        lines[job.machine, default: []].append(job.number)
        if lines[job.machine]?.count == 1 { queue(job.number) }
    }

    /// Says how many jobs may run at once on a hypervisor.
    mutating func allow(_ limit: Int, at address: Endpoint.Address) {
        counters[address, default: Counter()].limit = max(1, limit)
    }

    /// What may begin now, and has begun by being told.
    mutating func begin() -> [Int] {
        var begun: [Int] = []
        for address in counters.keys {
            while let number = counters[address]?.next({ jobs[$0]?.phase == .ready }) {
                jobs[number]?.phase = .running
                counters[address]?.running += 1
                begun.append(number)
            }
        }
        return begun
    }

    /// Takes a running job from its hypervisor; its machine stays with it.
    mutating func pause(_ number: Int) {
        guard let job = jobs[number], job.phase == .running else { return }
        jobs[number]?.phase = .paused
        counters[job.address]?.running -= 1
    }

    /// Lets a paused job begin again, before what else its principal asked for.
    mutating func resume(_ number: Int) {
        guard jobs[number]?.phase == .paused else { return }
        queue(number, isFirst: true)
    }

    /// Forgets a job, whatever it was doing; what waits for its machine is next.
    mutating func end(_ number: Int) {
        guard let job = jobs.removeValue(forKey: number) else { return }
        if job.phase == .running { counters[job.address]?.running -= 1 }
        guard var line = lines.removeValue(forKey: job.machine) else { return }
        line.removeAll { $0 == number }
        guard let first = line.first else { return }
        lines[job.machine] = line
        if jobs[first]?.phase == .waiting { queue(first) }
    }

    private mutating func queue(_ number: Int, isFirst: Bool = false) {
        guard let job = jobs[number] else { return }
        jobs[number]?.phase = .ready
        counters[job.address, default: Counter(limit: job.address == nil ? .max : Endpoint.concurrency)]
            .enter(number, of: job.principal, isFirst: isFirst)
    }
}

/// Where jobs wait for one hypervisor, in a queue for each who asks.
private struct Counter {
    var limit = Endpoint.concurrency
    var running = 0
    /// Those who have something in their queue, in the order of their turns.
    private var turns: Deque<String> = []
    private var queues: [String: Deque<Int>] = [:]

    init(limit: Int = Endpoint.concurrency) {
        self.limit = limit
    }

    mutating func enter(_ number: Int, of principal: String, isFirst: Bool) {
        if queues[principal] == nil { turns.append(principal) }
        if isFirst {
            queues[principal, default: []].prepend(number)
        } else {
            queues[principal, default: []].append(number)
        }
    }

    /// The next job that is still wanted, if there is room for it.
    mutating func next(_ isWanted: (Int) -> Bool) -> Int? {
        while running < limit, let principal = turns.popFirst() {
            var found: Int?
            while found == nil, let number = queues[principal]?.popFirst() {
                if isWanted(number) { found = number }
            }
            if queues[principal]?.isEmpty == false {
                turns.append(principal)
            } else {
                queues[principal] = nil
            }
            if let found { return found }
        }
        return nil
    }
}
