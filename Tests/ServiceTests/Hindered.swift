import Hypervisor
import Lifecycle
import Synchronization
import Tree

/// What stands in the way of calls to hypervisors.
final class Hindrance: Sendable {
    private let state = Mutex((isDown: false, calls: 0))

    var isDown: Bool {
        get { state.withLock { $0.isDown } }
        set { state.withLock { $0.isDown = newValue } }
    }

    /// How many calls found no hypervisor.
    var calls: Int { state.withLock { $0.calls } }

    func pass(_ hypervisor: String) throws(DriverError) {
        let isDown = state.withLock { state in
            if state.isDown { state.calls += 1 }
            return state.isDown
        }
        if isDown { throw DriverError(.unreachable, hypervisor: hypervisor, "no route to host") }
    }

    /// Connections to hypervisors in memory that are there only while this does not stand in the way.
    var connections: Connections {
        Connections { [self] driver in Hindered(driver: driver, hindrance: self) }
    }
}

/// A driver that does the first half of what every hypervisor can do, and that while nothing hinders it.
struct Hindered: Driver {
    let driver: any Driver
    let hindrance: Hindrance

    func create(_ specification: Specification, keepDisks: Bool) async throws(DriverError) -> [String] {
        try hindrance.pass("m")
        return try await driver.create(specification, keepDisks: keepDisks)
    }

    func check(_ specification: Specification, replacing disks: [Disk]) async throws(DriverError) {
        try hindrance.pass("m")
        try await driver.check(specification, replacing: disks)
    }

    func update(_ before: Specification, to after: Specification) async throws(DriverError) {
        try hindrance.pass("m")
        try await driver.update(before, to: after)
    }

    func start(_ id: EntryID) async throws(DriverError) {
        try hindrance.pass("m")
        try await driver.start(id)
    }

    func stop(_ id: EntryID, grace: Duration) async throws(DriverError) {
        try hindrance.pass("m")
        try await driver.stop(id, grace: grace)
    }

    func destroy(_ id: EntryID, disks: [Disk], keepDisks: Bool) async throws(DriverError) -> [String] {
        try hindrance.pass("m")
        return try await driver.destroy(id, disks: disks, keepDisks: keepDisks)
    }

    func observe(_ id: EntryID) async throws(DriverError) -> Observation? {
        try hindrance.pass("m")
        return try await driver.observe(id)
    }

    func list() async throws(DriverError) -> [Observation] {
        try hindrance.pass("m")
        return try await driver.list()
    }
}
