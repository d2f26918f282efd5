import Synchronization
import Tree

/// The room in storage pools that machines were told they will find, until they are made.
///
/// Machines that are to be made anew together are checked together: without this each would be promised the room that only
/// one of them can have.
final class RoomReservations: Sendable {
    /// How many bytes a volume of a pool takes when it is made.
    struct Need: Sendable {
        let pool: String
        let volume: String
        let bytes: Int
    }

    private let needs = Mutex<[EntryID: [Need]]>([:])

    /// Reserves what a machine needs, if `isThere` finds it beside what is reserved for others, and throws nothing.
    func reserve(
        _ own: [Need], for machine: EntryID, if isThere: (_ others: [Need]) throws(LibvirtError) -> Void
    ) throws(LibvirtError) {
        try needs.withLock { needs throws(LibvirtError) in
            try isThere(needs.filter { $0.key != machine }.flatMap(\.value))
            needs[machine] = own
        }
    }

    /// Gives back what was reserved for a machine that is made by now, or will not be.
    func release(_ machine: EntryID) {
        _ = needs.withLock { $0.removeValue(forKey: machine) }
    }
}
