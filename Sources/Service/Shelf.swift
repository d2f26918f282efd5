import HTTP
import Secrets
import Synchronization

/// Keeps documents by the fingerprints of the paths that ask for them, until their bodies are too many bytes; then it begins
/// anew.
///
/// With a hundred thousand documents what a read costs is the places in memory that it has to look at. Here all that is
/// asked for with each read lies in one of them, which a dictionary would not give.
final class Shelf: Sendable {
    private struct Slot {
        /// Nil: nothing is here.
        var kept: Kept?
        var mark = Fingerprint.zero
        var ready = Ready()
    }

    private struct Contents {
        /// A power of two, and never full: a document is at the place that its mark says, or behind it.
        var slots = Array(repeating: Slot(), count: 64)
        var count = 0
        /// Of all bodies.
        var bytes = 0

        /// Where a document is, or would be.
        func place(of mark: Fingerprint) -> Int {
            var place = mark.place(of: slots.count)
            while slots[place].mark != mark, slots[place].kept != nil { place = (place + 1) & (slots.count - 1) }
            return place
        }

        mutating func grow() {
            let known = slots
            slots = Array(repeating: Slot(), count: 2 * known.count)
            for slot in known where slot.kept != nil { slots[place(of: slot.mark)] = slot }
        }
    }

    private let contents = Mutex(Contents())
    private let capacity: Int

    /// - Parameter capacity: bytes of bodies kept.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// The answer that was given to the same caller in the same snapshot; nil if there is more to find out.
    func answer(_ head: Head, _ mark: Fingerprint, _ generation: Int, _ reader: Int) -> Answer? {
        contents.withLock { contents in
            let place = contents.place(of: mark)
            guard contents.slots[place].ready.generation == generation, contents.slots[place].ready.reader == reader
            else { return nil }
            let isKnown = head.knows(contents.slots[place].kept?.document.etag)
            return isKnown ? contents.slots[place].ready.unchanged : contents.slots[place].ready.whole
        }
    }

    subscript(mark: Fingerprint) -> (kept: Kept, ready: Ready)? {
        contents.withLock { contents in
            let slot = contents.slots[contents.place(of: mark)]
            return slot.kept.map { ($0, slot.ready) }
        }
    }

    func keep(_ kept: Kept, _ ready: Ready) {
        let size = kept.document.body.count
        contents.withLock { contents in
            var place = contents.place(of: kept.mark)
            contents.bytes += size - (contents.slots[place].kept?.document.body.count ?? 0)
            if contents.bytes > capacity {
                contents = Contents(bytes: size)
                place = contents.place(of: kept.mark)
            }
            if contents.slots[place].kept == nil { contents.count += 1 }
            contents.slots[place] = Slot(kept: kept, mark: kept.mark, ready: ready)
            if 2 * contents.count > contents.slots.count { contents.grow() }
        }
    }
}
