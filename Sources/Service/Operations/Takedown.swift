import HashTreeCollections
import Hypervisor
import Lifecycle
import Tree

/// What a verb that removes a machine may take away on a hypervisor: its VM, and the disks that were made for it.
struct Takedown: Sendable {
    let id: EntryID
    /// What the hypervisor is called that has the machine, or had it.
    let hypervisor: String
    /// The disks that were made for the machine; those of one that was adopted are somebody's.
    let disks: [Disk]
    let isAdopted: Bool
    /// See `Record.wasMade`.
    let wasMade: Bool
    /// Whether the work was begun before, and cut off.
    let isRepeated: Bool
    /// The hypervisors that the tree names beside the one that has the machine, or had it.
    let others: [Endpoint]

    init(
        of id: EntryID, _ record: Record, _ snapshot: Snapshot, on endpoint: Endpoint?, isRepeated: Bool
    ) throws(ServiceError) {
        self.id = id
        hypervisor = endpoint?.name ?? "unknown"
        isAdopted = record.isAdopted
        wasMade = record.wasMade
        self.isRepeated = isRepeated
        let path = snapshot.entry(id)?.path ?? .root
        disks = try ServiceError.wrapping { () throws(SpecificationError) -> [Disk] in
            guard let applied = record.applied, !record.isAdopted else { return [] }
            return try Disk.all(of: applied, at: path)
        }
        others = snapshot.hypervisors.map(\.endpoint).filter { $0.address != endpoint?.address }
    }

    /// The disks that may go with the VM, after the hypervisors were asked whose they are by now.
    func disks(
        _ driver: any Driver, _ hypervisors: Connections, keepDisks: Bool
    ) async throws(DriverError) -> [Disk] {
        if let found = try await driver.observe(id) {
            guard found.isOurs || isAdopted else {
                throw DriverError(.conflict, hypervisor: hypervisor, machine: id, Message.unmarked)
            }
            return disks
        }
        // What is begun bears our mark. Without that, volumes of these names are those that a creation was refused for.
        guard wasMade else { return [] }
        if !keepDisks, !disks.isEmpty { try await refuseElsewhere(hypervisors) }
        return disks
    }

    /// Refuses if another hypervisor has the VM by now, to which somebody moved it: the disks may be on storage that both
    /// have.
    func refuseElsewhere(_ hypervisors: Connections) async throws(DriverError) {
        let keepDisks = "destroy with --keep-disks leaves the disks"
        for other in others {
            let found: Observation?
            do throws(DriverError) {
                let id = id
                found = try await hypervisors.driver(for: other).within(Observer.patience, of: other.name) {
                    driver throws(DriverError) in try await driver.observe(id)
                }
            } catch {
                // What was begun is ended.
                guard !isRepeated else { continue }
                throw DriverError(
                    .conflict, hypervisor: other.name, machine: id,
                    "the VM may have been moved there with its disks, which cannot be told: \(error.message); \(keepDisks)"
                )
            }
            guard found != nil else { continue }
            throw DriverError(
                .conflict, hypervisor: other.name, machine: id,
                "the VM was moved there, and its disks may be in use; adopt takes it over there; \(keepDisks)")
        }
    }
}
