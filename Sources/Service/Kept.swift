import Cascade
import HTTP
import Secrets
import Tree

/// A document that is kept, with what it was made of.
final class Kept: Sendable {
    /// The fingerprint of the path that asks for it.
    let mark: Fingerprint
    let document: Document
    /// Bytes of its body.
    var size: Int { document.body.count }
    let certname: String
    /// Where the machine stands.
    let path: Path
    private let layer: Layer
    private let inheritance: Inheritance
    private let record: Record

    init(
        _ document: Document, _ mark: Fingerprint, of entry: Entry, called certname: String, _ inheritance: Inheritance,
        _ record: Record
    ) {
        self.mark = mark
        self.document = document
        self.certname = certname
        self.inheritance = inheritance
        self.record = record
        path = entry.path
        layer = entry.layer
    }

    /// Whether it is what would be made of the machine in a snapshot.
    ///
    /// The same definitions from the root down to the machine make the same machine of the same name; no table has to be
    /// asked for that.
    func isCurrent(in snapshot: Snapshot) -> Bool {
        guard let entry = inheritance.folder(in: snapshot.tree)?[path.name]?.entry, entry.layer === layer else {
            return false
        }
        return snapshot.record(of: entry) == record
    }
}
