import Lifecycle
import Synchronization
import Tree

/// A hypervisor in the memory of this process.
final class MemoryHypervisor: Connection {
    private let machines = Mutex<[EntryID: Machine]>([:])

    struct Machine: Sendable {
        var specification: Specification
        var isOurs = true
        var power = Power.off
    }

    func driver(for endpoint: Endpoint) -> any Driver {
        MemoryDriver(endpoint: endpoint, hypervisor: self)
    }

    func with<Answer>(_ body: (inout sending [EntryID: Machine]) -> sending Answer) -> sending Answer {
        machines.withLock(body)
    }
}
