import Lifecycle
import Synchronization
import Tree

/// A hypervisor in the memory of this process.
final class MemoryHypervisor: Connection {
    private let state = Mutex(State())
    private let watchers: Watchers

    init(telling watchers: Watchers) {
        self.watchers = watchers
    }

    struct State {
        var machines: [EntryID: Machine] = [:]
        /// The disks of machines, there or gone, by the names of these and their own.
        var disks: [EntryID: Set<String>] = [:]
    }

    struct Machine: Hashable, Sendable {
        var specification: Specification
        var isOurs = true
        var power = Power.off
        /// How often it was started.
        var starts = 0
        var autostart = false
    }

    var isEmulating: Bool { false }

    func driver(for endpoint: Endpoint) -> any Driver {
        MemoryDriver(endpoint: endpoint, hypervisor: self)
    }

    /// Does `body` in one step, and tells if it changed the machine.
    func with<Answer: Sendable>(
        _ id: EntryID?, _ body: (inout State) throws(DriverError) -> Answer
    ) throws(DriverError) -> Answer {
        let (result, isChanged) = state.withLock { state in
            let before = id.flatMap { state.machines[$0] }
            let result = Result { () throws(DriverError) in try body(&state) }
            return (result, before != id.flatMap { state.machines[$0] })
        }
        if isChanged, let id { watchers.tell(id) }
        return try result.get()
    }
}
