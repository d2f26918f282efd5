import HTTP
import Secrets
import Synchronization

/// Keeps documents by the fingerprints of the paths that ask for them, until their bodies are too many bytes; then it begins
/// anew.
final class Shelf: Sendable {
    private let slots = Mutex(Slots())
    private let capacity: Int

    /// - Parameter capacity: bytes of bodies kept.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// The answer that was given to the same reader in the same snapshot; nil if there is more to find out.
    func answer(_ head: Head, _ mark: Fingerprint, _ generation: Int, _ reader: Int) -> Answer? {
        slots.withLock { slots in
            let slot = slots.find(mark)
            guard slot.pointee.isKnown(to: reader, in: generation) else { return nil }
            return head.withTags { slot.pointee.ready?.answer($0) }
        }
    }

    subscript(mark: Fingerprint) -> Ready? {
        slots.withLock { $0.find(mark).pointee.ready }
    }

    func keep(_ ready: Ready) {
        slots.withLock { slots in
            slots.keep(ready)
            guard slots.bytes > capacity else { return }
            slots = Slots()
            slots.keep(ready)
        }
    }
}
