import Access
import Cascade
import HTTP
import Synchronization
import Tree
import Views

/// The documents that tools ask for, kept as bytes within a bound until what they were made of changes.
///
/// An entry notes the snapshot in which its document was found to be current, and the reader who was found to be allowed to
/// read it there: that reader's next request in the same snapshot is answered without looking again.
final class DocumentCache: Sendable {
    /// Several tables, so that the cache does not lose all at once when one of them is full.
    private let tables = Mutex([Table](repeating: Table(), count: tableCount))
    private static let tableCount = 16
    /// Bytes of bodies that one table holds.
    private let capacity: Int

    /// How many documents were rendered since the start; the cache had the others.
    var rendered: Int { renderCount.load(ordering: .relaxed) }
    private let renderCount = Atomic(0)

    /// - Parameter capacity: bytes of bodies kept in all.
    init(capacity: Int) {
        self.capacity = capacity / Self.tableCount
    }

    /// The answer to a request for a cached document that the caller may read; nil where there is more to find out, or to
    /// refuse.
    func answer(to head: Head, for caller: Caller, in current: CurrentSnapshot) -> Answer? {
        guard !head.hasQueries, !head.wantsYAML else { return nil }
        let key = Key(head.withPlace { String(decoding: $0, as: UTF8.self) })
        guard let entry = self[key] else { return nil }
        return head.withTags { tags in
            if entry.generation == current.generation, entry.reader == caller.number,
                let answer = entry.answer(showing: tags)
            {
                return answer
            }
            return renewed(entry, for: caller, showing: tags, in: current.snapshot)?.answer(showing: tags)
        }
    }

    /// A document of the machine that tools know by this name.
    func document(_ kind: DocumentKind, of certname: String, in snapshot: Snapshot) throws(ServiceError) -> Document {
        let key = Key(kind.place(of: certname))
        if let entry = self[key], entry.isCurrent(in: snapshot) { return entry.cached.document }
        guard let (entry, inheritance) = snapshot.source(certname) else { throw .unknownMachine(certname) }
        let record = snapshot.record(of: entry)
        let computed = inheritance.compute(entry.layer)
        guard computed.problems.isEmpty else { throw .broken(entry.path, computed.problems) }
        let document = try kind.render(Subject(computed, Facts(record)))
        renderCount.add(1, ordering: .relaxed)
        let cached = CachedDocument(
            document, key: key, entry: entry, certname: certname, inheritance: inheritance, record: record)
        keep(Entry(cached, in: snapshot))
        return document
    }

    /// The entry with the answer for this caller, kept from now on; nil if the document is not current in the snapshot, or
    /// the caller may not read it.
    private func renewed(
        _ entry: Entry, for caller: Caller, showing tags: UnsafeRawBufferPointer?, in snapshot: Snapshot
    ) -> Entry? {
        guard entry.isCurrent(in: snapshot),
            Standing(caller.principal, snapshot.policy).reads(entry.cached.certname, at: entry.cached.path)
        else { return nil }
        let renewed = entry.answering(tags, reader: caller.number, in: snapshot)
        keep(renewed)
        return renewed
    }

    private subscript(key: Key) -> Entry? {
        tables.withLock { $0[Self.table(of: key)].entries[key] }
    }

    private func keep(_ entry: Entry) {
        tables.withLock { $0[Self.table(of: entry.cached.key)].keep(entry, within: capacity) }
    }

    private static func table(of key: Key) -> Int { Int(UInt(bitPattern: key.hashValue) % UInt(tableCount)) }
}

extension DocumentCache {
    private struct Table {
        var entries: [Key: Entry] = [:]
        /// Of all bodies.
        private var bytes = 0

        /// Keeps an entry; a table that would hold more than its capacity is emptied first.
        mutating func keep(_ entry: Entry, within capacity: Int) {
            bytes += entry.cached.size - (entries.updateValue(entry, forKey: entry.cached.key)?.cached.size ?? 0)
            guard bytes > capacity else { return }
            entries = [entry.cached.key: entry]
            bytes = entry.cached.size
        }
    }

    /// A cached document, and what was found out about it when it was last asked for.
    private final class Entry: Sendable {
        let cached: CachedDocument
        /// The snapshot in which it was found to be current.
        let generation: Int
        /// The number of the caller who may read it in that snapshot; 0: no caller was judged yet.
        let reader: Int
        /// The 200 and the 304 response, built on first use.
        private let whole: Answer?
        private let unchanged: Answer?
        /// The revision that the answers tell.
        private let revision: Int

        private init(
            _ cached: CachedDocument, reader: Int, whole: Answer?, unchanged: Answer?, in snapshot: Snapshot
        ) {
            self.cached = cached
            self.reader = reader
            self.whole = whole
            self.unchanged = unchanged
            generation = snapshot.generation
            revision = snapshot.revision
        }

        convenience init(_ cached: CachedDocument, in snapshot: Snapshot) {
            self.init(cached, reader: 0, whole: nil, unchanged: nil, in: snapshot)
        }

        func isCurrent(in snapshot: Snapshot) -> Bool {
            generation == snapshot.generation || cached.isCurrent(in: snapshot)
        }

        /// The same document with the answer to a reader who shows these tags. Answers that tell of the snapshot's revision
        /// already are sent again.
        func answering(_ tags: UnsafeRawBufferPointer?, reader: Int, in snapshot: Snapshot) -> Entry {
            let document = cached.document
            let isKnown = tags?.list(document.etag) == true
            let isSameRevision = revision == snapshot.revision
            let whole = isSameRevision ? whole : nil
            let unchanged = isSameRevision ? unchanged : nil
            return Entry(
                cached, reader: reader,
                whole: whole ?? (isKnown ? nil : Answer(document.response(snapshot.revision))),
                unchanged: unchanged ?? (isKnown ? Answer(document.unchanged(snapshot.revision)) : nil), in: snapshot)
        }

        /// The answer to a reader who shows these tags; nil if it was not built yet.
        func answer(showing tags: UnsafeRawBufferPointer?) -> Answer? {
            tags?.list(cached.document.etag) == true ? unchanged : whole
        }
    }
}

extension Snapshot {
    /// The descriptor that tools know by this name, and what its folder hands down.
    fileprivate func source(_ certname: String) -> (entry: Tree.Entry, inheritance: Inheritance)? {
        guard let entry = machine(certname)?.entry, let parent = entry.path.parent else { return nil }
        return inheritance(of: parent).map { (entry, $0) }
    }
}
