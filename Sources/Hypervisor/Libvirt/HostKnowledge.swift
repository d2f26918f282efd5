import Foundation
import Synchronization

/// What all connections to one hypervisor share.
final class HostKnowledge: Sendable {
    /// Held while a storage pool is made or started.
    let poolMaking = NSLock()
    let reservations = RoomReservations()
    private let useless = Mutex(false)

    /// Whether KVM was found not to work there.
    var isKVMUseless: Bool { useless.withLock { $0 } }

    /// - Returns: whether that was not known.
    func giveUpKVM() -> Bool {
        useless.withLock { isKnown in
            defer { isKnown = true }
            return !isKnown
        }
    }
}
