import HashTreeCollections
import Hypervisor
import Lifecycle
import Logging
import Synchronization
import Tree

/// Asks the hypervisors, now and then, how the machines are, so that what was changed behind our back shows.
///
/// Each is asked by itself: one that hangs or is down holds up no other, shows on its machines, and is asked again
/// after pauses that grow. What a hypervisor says by itself is looked at when it is said: see `follow`.
final class Observer: Sendable {
    let current: CurrentSnapshot
    private let writer: Writer
    let hypervisors: Connections
    let operations: Operations
    let hints = Hints()
    let keeper: Keeper
    private let log: Logger
    private let attempts = Mutex<[Key: Attempt]>([:])
    private let defined = Mutex<(revision: Int, endpoints: [Endpoint])?>(nil)

    private struct Key: Hashable {
        let name: String
        let uri: String
    }

    /// How asking a hypervisor went.
    private struct Attempt {
        /// Whether it has, or should have, machines.
        var isUsed = false
        var isUnderWay = false
        /// How often in a row there was no answer.
        var failures = 0
        var next = ContinuousClock.now
    }

    /// How many seconds a hypervisor is given to say how its machines are.
    static let patience = 20
    /// The longest pause before a hypervisor that does not answer is asked again.
    private static let longestPause = Duration.seconds(300)

    init(
        _ current: CurrentSnapshot, _ writer: Writer, _ hypervisors: Connections, _ operations: Operations,
        _ keeper: Keeper,
        _ log: Logger
    ) {
        self.current = current
        self.writer = writer
        self.hypervisors = hypervisors
        self.operations = operations
        self.keeper = keeper
        self.log = log
    }

    /// How many hypervisors there are, and how many did not answer when they were last asked: of those that have
    /// machines, and of those that the tree names and nobody uses.
    struct Health: Hashable {
        var used = 0
        var usedDown = 0
        var unused = 0
        var unusedDown = 0
    }

    var health: Health {
        attempts.withLock { attempts in
            attempts.values.reduce(into: Health()) { health, attempt in
                let down = attempt.failures > 0 ? 1 : 0
                if attempt.isUsed {
                    (health.used, health.usedDown) = (health.used + 1, health.usedDown + down)
                } else {
                    (health.unused, health.unusedDown) = (health.unused + 1, health.unusedDown + down)
                }
            }
        }
    }

    /// Looks again and again until the task is cancelled.
    func run(every pause: Duration) async {
        let changes = hypervisors.changes()
        await withDiscardingTaskGroup { group in
            group.addTask { await self.follow(changes) }
            while !Task.isCancelled {
                let machines = machines()
                let keys = Set(machines.keys.map { Key(name: $0.name, uri: $0.uri) })
                attempts.withLock { attempts in attempts = attempts.filter { keys.contains($0.key) } }
                for (endpoint, ids) in machines where begin(endpoint, isUsed: !ids.isEmpty) {
                    group.addTask {
                        let isAnswered = await self.look(at: endpoint, ids)
                        self.end(endpoint, isAnswered, pause)
                    }
                }
                try? await Task.sleep(for: pause)
            }
        }
    }

    private func begin(_ endpoint: Endpoint, isUsed: Bool) -> Bool {
        attempts.withLock { attempts in
            var attempt = attempts[Key(name: endpoint.name, uri: endpoint.uri)] ?? Attempt()
            attempt.isUsed = isUsed
            let isDue = !attempt.isUnderWay && attempt.next <= .now
            if isDue { attempt.isUnderWay = true }
            attempts[Key(name: endpoint.name, uri: endpoint.uri)] = attempt
            return isDue
        }
    }

    private func end(_ endpoint: Endpoint, _ isAnswered: Bool, _ pause: Duration) {
        attempts.withLock { attempts in
            var attempt = attempts[Key(name: endpoint.name, uri: endpoint.uri)] ?? Attempt()
            attempt.isUnderWay = false
            if isAnswered {
                attempt.failures = 0
            } else {
                attempt.failures += 1
                let patience = Patience(firstPause: pause, longestPause: Observer.longestPause)
                attempt.next = .now.advanced(by: patience.growing(attempt.failures))
            }
            attempts[Key(name: endpoint.name, uri: endpoint.uri)] = attempt
        }
    }

    /// The machines that should exist, by the hypervisor that has them; and the hypervisors that the tree names and that
    /// have none.
    private func machines() -> [Endpoint: [EntryID]] {
        let snapshot = current.snapshot
        var machines: [Endpoint: [EntryID]] = [:]
        for id in snapshot.records.keys {
            guard let endpoint = endpoint(of: id, in: snapshot) else { continue }
            machines[endpoint, default: []].append(id)
        }
        let used = Set(machines.keys.map(\.uri))
        for endpoint in defined(in: snapshot) where !used.contains(endpoint.uri) { machines[endpoint] = [] }
        return machines
    }

    /// The hypervisor that should have a machine; nil: none should.
    func endpoint(of id: EntryID, in snapshot: Snapshot) -> Endpoint? {
        guard let record = snapshot.records[id], record.machine.state != .provisioned,
            record.machine.failure?.isGone != true, let folder = snapshot.index.listings[id]?.path.parent
        else { return nil }
        return snapshot.endpoint(of: record, in: folder)
    }

    /// What the tree names changes with its revision only, and is looked for no more often.
    private func defined(in snapshot: Snapshot) -> [Endpoint] {
        defined.withLock { defined in
            if defined?.revision != snapshot.revision {
                defined = (snapshot.revision, snapshot.hypervisors.map(\.endpoint))
            }
            return defined?.endpoints ?? []
        }
    }

    /// - Returns: whether the hypervisor answered.
    private func look(at endpoint: Endpoint, _ ids: [EntryID]) async -> Bool {
        let driver = hypervisors.driver(for: endpoint)
        let before = current.snapshot.records
        do {
            let found = try await driver.within(Observer.patience, of: endpoint.name) { driver throws(DriverError) in
                try await driver.list()
            }
            let observations = Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
            for id in ids {
                if let observation = observations[id] {
                    await tell(id, observation, before[id])
                } else if try await driver.observe(id) == nil {
                    await tell(id, nil, before[id])
                }
            }
            await keeper.look(at: ids)
            return true
        } catch {
            guard !Task.isCancelled else { return true }
            log.warning("\(error)")
            for id in ids { await tell(id, silence: error) }
            return false
        }
    }

    /// Keeps what was seen, unless it is old: while something is done to the machine, or was since it was looked at, the
    /// report of that is the truth.
    /// - Returns: false if it is old.
    @discardableResult
    func tell(_ id: EntryID, _ observation: Observation?, _ before: Record?) async -> Bool {
        let isKept = await update(id) { [operations] snapshot, record in
            guard record == before, !operations.isBusy(id) else { return false }
            if record.silence != nil { record.silence = nil }
            guard record.machine.state != .provisioned, record.machine.failure?.isGone != true else { return true }
            let own = observation.flatMap { record.owns($0) ? $0 : nil }
            record.observed = own?.map(completing: record.observed)
            if let folder = snapshot.index.listings[id]?.path.parent,
                let endpoint = snapshot.endpoint(of: record, in: folder)
            {
                record.rename(hypervisor: endpoint)
            }
            record.tell(own.map { .observed($0.power) } ?? (observation == nil ? .vanished : .disowned))
            return true
        }
        return isKept ?? true
    }

    /// How the machine is cannot be known; its state stays as it was last seen.
    private func tell(_ id: EntryID, silence error: DriverError) async {
        await update(id) { _, record in
            guard record.machine.state != .provisioned else { return }
            record.silence = error.message
        }
    }

    /// - Returns: what `change` returned; nil if nothing can be kept of the machine.
    @discardableResult
    private func update<Result: Sendable>(
        _ id: EntryID, _ change: @Sendable (Snapshot, inout Record) -> Result
    ) async -> Result? {
        do {
            return try await writer.update(id) { snapshot, record throws(ServiceError) in
                change(snapshot, &record)
            }
        } catch {
            log.warning("what became known of machine \(id) cannot be kept: \(error.document.detail)")
            return nil
        }
    }
}
