import Cascade
import HTTP
import Tree

/// A rendered document, with what it was made of.
final class CachedDocument: Sendable {
    /// The path that asks for it, and after a NUL the query; two paths are the same if their bytes are.
    let key: Key
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
        _ document: Document, key: Key, entry: Entry, certname: String, inheritance: Inheritance, record: Record
    ) {
        self.key = key
        self.document = document
        self.certname = certname
        self.inheritance = inheritance
        self.record = record
        path = entry.path
        layer = entry.layer
    }

    /// Whether rendering the machine's document in a snapshot would give this one.
    ///
    /// The same definitions from the root down to the machine make the same machine of the same name, so no index is asked.
    func isCurrent(in snapshot: Snapshot) -> Bool {
        guard let entry = inheritance.folder(in: snapshot.tree)?[path.name]?.entry, entry.layer === layer else {
            return false
        }
        return snapshot.record(of: entry) == record
    }
}
