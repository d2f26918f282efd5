import Cascade
import HTTP
import Secrets
import Tree

/// A document that is kept, with what it was made of, and what is known of who asked for it last.
///
/// Immutable: who finds out more puts another in its place.
final class Kept: Sendable {
    // Every read looks at these, so they stand together.

    /// The snapshot that it was last found to be current in.
    let generation: Int
    /// Who was found to be allowed to read it in that snapshot, by number; 0: nobody was asked about yet.
    let reader: Int
    /// The document as it is sent, and as it is not sent to who has it; made when they are first needed.
    let whole: Answer?
    let unchanged: Answer?
    /// That of the path that asks for it.
    let mark: Fingerprint

    /// The revision that the two tell.
    private let revision: Int
    let document: Document
    let certname: String
    /// Where the machine stands.
    let path: Path
    private let layer: Layer
    private let inheritance: Inheritance
    private let record: Record

    /// A document that was just made.
    init(
        _ document: Document, as mark: Fingerprint, of entry: Entry, called certname: String, _ inheritance: Inheritance,
        _ record: Record, in snapshot: Snapshot
    ) {
        self.mark = mark
        self.document = document
        self.certname = certname
        self.inheritance = inheritance
        self.record = record
        path = entry.path
        layer = entry.layer
        generation = snapshot.generation
        revision = snapshot.revision
        reader = 0
        whole = nil
        unchanged = nil
    }

    private init(_ kept: Kept, in snapshot: Snapshot, reader: Int, whole: Answer?, unchanged: Answer?) {
        mark = kept.mark
        document = kept.document
        certname = kept.certname
        inheritance = kept.inheritance
        record = kept.record
        path = kept.path
        layer = kept.layer
        generation = snapshot.generation
        revision = snapshot.revision
        self.reader = reader
        self.whole = whole
        self.unchanged = unchanged
    }

    /// Whether it is what would be made of this machine.
    func isMade(of entry: Entry, _ inheritance: Inheritance, _ record: Record) -> Bool {
        layer === entry.layer && self.inheritance === inheritance && self.record == record
    }

    /// The same, found to be current in a snapshot; whoever reads it there has to be asked about.
    func current(in snapshot: Snapshot) -> Kept {
        let isSame = revision == snapshot.revision
        return Kept(
            self, in: snapshot, reader: 0, whole: isSame ? whole : nil, unchanged: isSame ? unchanged : nil)
    }

    /// The same with its answer, whole or not, for somebody who may read it in the snapshot that it is current in.
    func answering(_ reader: Int, isUnchanged: Bool, in snapshot: Snapshot) -> Kept {
        Kept(
            self, in: snapshot, reader: reader,
            whole: whole ?? (isUnchanged ? nil : Answer(document.response(snapshot.revision))),
            unchanged: unchanged ?? (isUnchanged ? Answer(document.unchanged(snapshot.revision)) : nil))
    }
}
