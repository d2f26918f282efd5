import Hypervisor
import Lifecycle
import Tree

extension Driver {
    /// Makes a machine with new disks.
    func create(_ specification: Specification) async throws(DriverError) {
        try await create(specification, keepDisks: false)
    }

    /// Whether a machine could be made in place of what there is of it.
    func check(_ specification: Specification) async throws(DriverError) {
        try await check(specification, replacing: specification.disks)
    }

    /// Removes a machine with the disks that it was made with.
    @discardableResult
    func destroy(_ specification: Specification, keepDisks: Bool = false) async throws(DriverError) -> [String] {
        try await destroy(specification.id, disks: specification.disks, keepDisks: keepDisks)
    }

    /// Removes a machine, and leaves its disks to who made them.
    func destroy(_ id: EntryID) async throws(DriverError) {
        _ = try await destroy(id, disks: [], keepDisks: true)
    }
}
