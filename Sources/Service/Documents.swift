import Access
import Cascade
import HTTP
import Secrets
import Synchronization
import Tree
import Views

/// The documents that tools ask for, kept as bytes within a bound until what they were made of changes.
///
/// A document is current as long as its descriptor's layer and what its folder hands down are the same objects, and the
/// same is known of its machine. Whether that is so, and whether who asks may read it, is found out once a snapshot: who
/// asks again is given the answer that he was given before.
final class Documents: Sendable {
    private let shelves: [Shelf]
    /// Two paths have the same fingerprint as seldom as two documents the same tag.
    private let fingerprints: Fingerprints

    /// How many documents were made since the start; the others were there.
    var rendered: Int { made.load(ordering: .relaxed) }
    private let made = Atomic(0)

    /// - Parameter capacity: bytes of bodies kept in all.
    init(capacity: Int) throws(SecretsError) {
        fingerprints = try Fingerprints()
        shelves = (0..<16).map { _ in Shelf(capacity: capacity / 16) }
    }

    /// The answer to a request for a document that is kept and may be read by who asks; nil where there is more to find out,
    /// or to refuse.
    func answer(_ head: Head, for caller: Caller, _ current: Current) -> Answer? {
        guard !head.hasQueries, !head.wantsYAML else { return nil }
        let mark = head.withPlace(fingerprints.fingerprint)
        let shelf = shelf(mark)
        if let answer = shelf.answer(head, mark, current.generation, caller.number) { return answer }
        return head.withTags { tags in
            renew(mark, for: caller, showing: tags, in: current.snapshot)?.answer(tags)
        }
    }

    /// A document of the machine that tools know by this name.
    func document(_ kind: DocumentKind, of certname: String, in snapshot: Snapshot) throws(ServiceError) -> Document {
        let mark = fingerprints.fingerprint(of: kind.place(of: certname))
        if let known = find(mark, in: snapshot) { return known.kept.document }
        guard let (entry, inheritance) = snapshot.source(certname) else { throw .unknownMachine(certname) }
        let record = snapshot.record(of: entry)
        let computed = inheritance.compute(entry.layer)
        guard computed.problems.isEmpty else { throw .broken(entry.path, computed.problems) }
        let document = try kind.render(Subject(computed, Facts(record)))
        made.add(1, ordering: .relaxed)
        shelf(mark).keep(
            Ready(Kept(document, mark, of: entry, called: certname, inheritance, record), in: snapshot))
        return document
    }

    /// Finds out whether what is kept is current in a snapshot and may be read by who asks, and keeps it with the answer to
    /// him; nil if not.
    private func renew(
        _ mark: Fingerprint, for caller: Caller, showing tags: UnsafeRawBufferPointer?, in snapshot: Snapshot
    ) -> Ready? {
        guard let known = find(mark, in: snapshot),
            Standing(caller.principal, snapshot.policy).reads(known.kept.certname, at: known.kept.path)
        else { return nil }
        let ready = known.answering(tags, reader: caller.number, in: snapshot)
        shelf(mark).keep(ready)
        return ready
    }

    /// What is kept, if it is what would be made of its machine in a snapshot.
    private func find(_ mark: Fingerprint, in snapshot: Snapshot) -> Ready? {
        guard let ready = shelf(mark)[mark],
            ready.generation == snapshot.generation || ready.kept.isCurrent(in: snapshot)
        else { return nil }
        return ready
    }

    /// Has the memory of documents lie in few places, once they are many and each time that they have become many more, until
    /// the task is cancelled.
    func joinMemory(every pause: Duration) async {
        var known = ProcessMemory.resident ?? 0
        while (try? await Task.sleep(for: pause)) != nil {
            guard rendered >= Documents.many, let resident = ProcessMemory.resident, resident - known >= 16 << 20 else {
                continue
            }
            await HugePages.join()
            known = ProcessMemory.resident ?? resident
        }
    }

    private static let many = 4_096

    private func shelf(_ mark: Fingerprint) -> Shelf { shelves[mark.table(of: shelves.count)] }
}

extension Snapshot {
    /// The descriptor that tools know by this name, and what its folder hands down.
    fileprivate func source(_ certname: String) -> (entry: Entry, inheritance: Inheritance)? {
        guard let entry = machine(certname)?.entry, let parent = entry.path.parent else { return nil }
        return inheritance(of: parent).map { (entry, $0) }
    }
}
