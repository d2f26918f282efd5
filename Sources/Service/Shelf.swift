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
        var mark: Fingerprint
        var kept: Kept
        var ready: Ready
    }

    private struct Contents {
        /// A power of two, and never full: a document is at the place that its mark says, or behind it.
        var slots: [Slot?] = Array(repeating: nil, count: 64)
        var count = 0
        /// Of all bodies.
        var bytes = 0

        /// Where a document is, or would be.
        func place(of mark: Fingerprint) -> Int {
            var place = mark.place(of: slots.count)
            while let known = slots[place]?.mark, known != mark { place = (place + 1) & (slots.count - 1) }
            return place
        }

        mutating func grow() {
            var larger = Contents()
            larger.slots = Array(repeating: nil, count: 2 * slots.count)
            for case let slot? in slots { larger.slots[larger.place(of: slot.mark)] = slot }
            slots = larger.slots
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
            guard contents.slots[place]?.ready.generation == generation,
                contents.slots[place]?.ready.reader == reader
            else { return nil }
            guard head.hasIfNoneMatch, let etag = contents.slots[place]?.kept.document.etag, head.knows(etag) else {
                return contents.slots[place]?.ready.whole
            }
            return contents.slots[place]?.ready.unchanged
        }
    }

    subscript(mark: Fingerprint) -> (kept: Kept, ready: Ready)? {
        contents.withLock { contents in contents.slots[contents.place(of: mark)].map { ($0.kept, $0.ready) } }
    }

    func keep(_ kept: Kept, _ ready: Ready) {
        let size = kept.document.body.count
        contents.withLock { contents in
            var place = contents.place(of: kept.mark)
            contents.bytes += size - (contents.slots[place]?.kept.document.body.count ?? 0)
            if contents.bytes > capacity {
                contents = Contents(bytes: size)
                place = contents.place(of: kept.mark)
            }
            if contents.slots[place] == nil { contents.count += 1 }
            contents.slots[place] = Slot(mark: kept.mark, kept: kept, ready: ready)
            if 2 * contents.count > contents.slots.count { contents.grow() }
        }
    }
}
