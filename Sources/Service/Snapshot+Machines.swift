import Cascade
import HashTreeCollections
import Lifecycle
import OrderedCollections
import Tree
import Views

extension Snapshot {
    /// What the views make documents of.
    func subject(of entry: Entry) throws(ServiceError) -> Subject {
        guard let computed = compute(entry) else { throw .missing(entry.path) }
        guard computed.problems.isEmpty else { throw .broken(entry.path, computed.problems) }
        return Subject(computed, Facts(record(of: entry)))
    }
}
