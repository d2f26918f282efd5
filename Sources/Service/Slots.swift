import Secrets

/// A table of documents by the fingerprints of the paths that ask for them.
///
/// With a hundred thousand documents what a read costs is the places in memory that it has to look at. Here all that is asked
/// for with each read lies in one of them, a line of the processor's cache, which neither a dictionary nor an array gives.
struct Slots: ~Copyable {
    /// What is known of one path.
    struct Slot {
        var mark = Fingerprint.zero
        /// What every read has to know of `ready`.
        var generation = 0
        var reader = 0
        /// Nil: nothing is here.
        var ready: Ready?

        /// Whether it was found to be current in that snapshot, and that this reader may read it.
        func isKnown(to reader: Int, in generation: Int) -> Bool {
            self.generation == generation && self.reader == reader
        }
    }

    /// Of all bodies.
    private(set) var bytes = 0
    private var count = 0
    /// A power of two, and never full: a document is in the slot that its mark says, or in one behind it.
    private var capacity: Int
    private var start: UnsafeMutablePointer<Slot>

    init() {
        self.init(capacity: 64)
    }

    private init(capacity: Int) {
        self.capacity = capacity
        start = UnsafeMutableRawPointer.allocate(
            byteCount: capacity * MemoryLayout<Slot>.stride, alignment: Slots.line
        ).bindMemory(to: Slot.self, capacity: capacity)
        start.initialize(repeating: Slot(), count: capacity)
    }

    deinit {
        start.deinitialize(count: capacity)
        start.deallocate()
    }

    /// Where a document is, or would be; until the table is changed.
    func find(_ mark: Fingerprint) -> UnsafeMutablePointer<Slot> {
        var place = mark.place(of: capacity)
        while start[place].mark != mark, start[place].ready != nil { place = (place + 1) & (capacity - 1) }
        return start + place
    }

    mutating func keep(_ ready: Ready) {
        let slot = find(ready.kept.mark)
        if slot.pointee.ready == nil { count += 1 }
        bytes += ready.kept.size - (slot.pointee.ready?.kept.size ?? 0)
        slot.pointee = Slot(ready)
        if 2 * count > capacity { grow() }
    }

    private mutating func grow() {
        var larger = Slots(capacity: 2 * capacity)
        for place in 0..<capacity where start[place].ready != nil {
            larger.find(start[place].mark).pointee = start[place]
        }
        swap(&start, &larger.start)
        swap(&capacity, &larger.capacity)
    }

    /// Bytes of a line of the processor's cache.
    private static let line = 64
}

extension Slots.Slot {
    fileprivate init(_ ready: Ready) {
        mark = ready.kept.mark
        generation = ready.generation
        reader = ready.reader
        self.ready = ready
    }
}
