import Cascade
import HTTP
import Synchronization
import Tree
import Views

/// The documents that tools ask for, kept as bytes within a bound until what they were made of changes.
///
/// A document is current as long as its descriptor's layer and what its folder hands down are the same objects, and the
/// same is known of its machine. Whether that is so is found out once a snapshot, when the document is asked for.
final class Documents: Sendable {
    private struct Key: Hashable {
        let certname: String
        let kind: DocumentKind
    }

    private final class Memory: Sendable {
        /// The snapshot that the document was last found to be current in.
        let generation: Atomic<Int>
        let layer: Layer
        let inheritance: Inheritance
        let record: Record
        let document: Document

        init(_ document: Document, _ layer: Layer, _ inheritance: Inheritance, _ record: Record, generation: Int) {
            self.generation = Atomic(generation)
            self.layer = layer
            self.inheritance = inheritance
            self.record = record
            self.document = document
        }
    }

    private struct Shard {
        private(set) var memories: [Key: Memory] = [:]
        /// Of all bodies.
        private var bytes = 0

        mutating func keep(_ memory: Memory, for key: Key, _ capacity: Int) {
            bytes += memory.document.body.count - (memories[key]?.document.body.count ?? 0)
            if bytes > capacity {
                memories = [:]
                bytes = memory.document.body.count
            }
            memories[key] = memory
        }
    }

    private final class Lock: Sendable {
        let shard = Mutex(Shard())
    }

    private let locks = (0..<16).map { _ in Lock() }
    /// How many bytes of bodies a shard keeps; a shard that is full begins anew.
    private let capacity: Int

    /// How many documents were made since the start; the others were there.
    var rendered: Int { made.load(ordering: .relaxed) }
    private let made = Atomic(0)

    /// - Parameter capacity: bytes of bodies kept in all.
    init(capacity: Int) {
        self.capacity = capacity / locks.count
    }

    /// A document of the machine that tools know by this name.
    func document(_ kind: DocumentKind, of certname: String, in snapshot: Snapshot) throws(ServiceError) -> Document {
        let key = Key(certname: certname, kind: kind)
        let lock = locks[Int(UInt(bitPattern: certname.hashValue) % UInt(locks.count))]
        let known = lock.shard.withLock { $0.memories[key] }
        if let known, known.generation.load(ordering: .relaxed) == snapshot.generation { return known.document }

        guard let entry = snapshot.machine(certname)?.entry, let parent = entry.path.parent,
            let inheritance = snapshot.inheritance(of: parent)
        else { throw .unknownMachine(certname) }
        let record = snapshot.record(of: entry)
        if let known, known.layer === entry.layer, known.inheritance === inheritance, known.record == record {
            known.generation.store(snapshot.generation, ordering: .relaxed)
            return known.document
        }

        let computed = inheritance.compute(entry.layer)
        guard computed.problems.isEmpty else { throw .broken(entry.path, computed.problems) }
        let document = try kind.render(Subject(computed, Facts(record)))
        made.add(1, ordering: .relaxed)
        let memory = Memory(document, entry.layer, inheritance, record, generation: snapshot.generation)
        lock.shard.withLock { $0.keep(memory, for: key, capacity) }
        return document
    }
}
