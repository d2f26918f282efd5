import HashTreeCollections
import Hypervisor
import Lifecycle
import Logging
import Synchronization
import Tree

/// Asks the hypervisors, now and then, how the machines are, so that what was changed behind our back shows.
final class Observer: Sendable {
    private let current: Current
    private let writer: Writer
    private let hypervisors: Connections
    private let operations: Operations
    private let log: Logger
    private let down = Mutex<Set<String>>([])

    init(
        _ current: Current, _ writer: Writer, _ hypervisors: Connections, _ operations: Operations, _ log: Logger
    ) {
        self.current = current
        self.writer = writer
        self.hypervisors = hypervisors
        self.operations = operations
        self.log = log
    }

    /// The hypervisors that did not answer when they were last asked, by name and URI.
    var unreachable: Set<String> { down.withLock { $0 } }

    /// Looks again and again until the task is cancelled.
    func run(every pause: Duration) async {
        while !Task.isCancelled {
            await look()
            try? await Task.sleep(for: pause)
        }
    }

    /// Asks each hypervisor that has machines of ours once; one that hangs holds up no other.
    func look() async {
        await withTaskGroup { group in
            for (endpoint, ids) in machines() {
                group.addTask { await self.look(at: endpoint, ids) }
            }
        }
    }

    /// The machines that should exist, by the hypervisor that has them.
    private func machines() -> [Endpoint: [EntryID]] {
        let snapshot = current.snapshot
        var machines: [Endpoint: [EntryID]] = [:]
        for (id, record) in snapshot.records
        where record.machine.state != .provisioned && record.machine.failure?.isGone != true {
            guard let path = snapshot.index.listings[id]?.path, let applied = record.applied,
                let endpoint = try? Endpoint(path: path, definition: applied)
            else { continue }
            machines[endpoint, default: []].append(id)
        }
        return machines
    }

    private func look(at endpoint: Endpoint, _ ids: [EntryID]) async {
        let driver = hypervisors.driver(for: endpoint)
        let before = current.snapshot.records
        let key = "\(endpoint.name) \(endpoint.uri)"
        do {
            let found = try await driver.list()
            if down.withLock({ $0.remove(key) }) != nil { log.notice("hypervisor \(endpoint.name) answers again") }
            let observations = Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
            for id in ids {
                if let observation = observations[id] {
                    await tell(id, observation, before[id])
                } else if try await driver.observe(id) == nil {
                    await tell(id, nil, before[id])
                }
            }
        } catch {
            if down.withLock({ $0.insert(key).inserted }) { log.warning("\(error)") }
        }
    }

    /// Keeps what was seen, unless it is old: while something is done to the machine, or was since it was looked at, the
    /// report of that is the truth.
    private func tell(_ id: EntryID, _ observation: Observation?, _ before: Record?) async {
        do {
            try await writer.update(id) { [operations] _, record throws(ServiceError) in
                guard record == before, !operations.isBusy(id) else { return }
                guard record.machine.state != .provisioned, record.machine.failure?.isGone != true else { return }
                record.observed = observation?.map(completing: record.observed)
                record.tell(observation.map { .observed($0.power) } ?? .vanished)
            }
        } catch {
            log.warning("what became known of machine \(id) cannot be kept: \(error.document.detail)")
        }
    }
}
