import Cascade
import Lifecycle
import OrderedCollections
import Tree
import Views

extension Snapshot {
    /// Calls `body` for each descriptor at `path` or below that is wanted, sorted by path, with its computed definition.
    func forEachMachine(
        below path: Path, where isWanted: (Path) -> Bool, _ body: (Entry, Computed) throws -> Void
    ) rethrows {
        for batch in tree.batches(below: path, inheritances, where: isWanted) { try batch.forEach(body) }
    }

    /// What the views make documents of.
    func subject(of entry: Entry) throws(ServiceError) -> Subject {
        guard let computed = compute(entry) else { throw .missing(entry.path) }
        guard computed.problems.isEmpty else { throw .broken(entry.path, computed.problems) }
        return Subject(computed, Facts(record(of: entry)))
    }

    /// The value that a selector's key means.
    func value(_ key: DottedPath, of entry: Entry, _ computed: Computed) -> Value? {
        switch key.keys {
        case ["path"]: return .string(entry.path.description)
        case ["kind"]: return .string(entry.kind.rawValue)
        case ["certname"]: return .string(computed.certname)
        case ["state"]: return .string(record(of: entry).machine.state.rawValue)
        default:
            return Value.map(computed.definition).value(at: key)
        }
    }
}
