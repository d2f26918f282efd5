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
    private let log: Logger
    private let down = Mutex<Set<String>>([])

    init(_ current: Current, _ writer: Writer, _ hypervisors: Connections, _ log: Logger) {
        self.current = current
        self.writer = writer
        self.hypervisors = hypervisors
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
        let key = "\(endpoint.name) \(endpoint.uri)"
        do {
            let found = try await driver.list()
            if down.withLock({ $0.remove(key) }) != nil { log.notice("hypervisor \(endpoint.name) answers again") }
            let observations = Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
            for id in ids {
                if let observation = observations[id] {
                    await tell(id, observation)
                } else if try await driver.observe(id) == nil {
                    await tell(id, nil)
                }
            }
        } catch {
            if down.withLock({ $0.insert(key).inserted }) { log.warning("\(error)") }
        }
    }

    private func tell(_ id: EntryID, _ observation: Observation?) async {
        do {
            try await writer.update(id) { _, record throws(ServiceError) in
                guard record.machine.state != .provisioned, record.machine.failure?.isGone != true else { return }
                let own = observation.flatMap { record.owns($0) ? $0 : nil }
                record.observed = own?.map(completing: record.observed)
                record.tell(own.map { .observed($0.power) } ?? .vanished)
            }
        } catch {
            log.warning("what became known of machine \(id) cannot be kept: \(error.document.detail)")
        }
    }
}
