import OrderedCollections
import Store
import Tree

/// A plan that no longer holds, and what changed where it is to be carried out.
struct Outdated: Sendable {
    let plan: PlanID
    /// The entries that the change is about.
    let places: Set<Path>
    /// The revisions since, with the first entry that each changed; oldest first.
    private(set) var passages: [(revision: Revision, path: Path)] = []

    /// How many revisions are looked at, from the newest.
    private static let longest = 100

    init(plan: PlanID, places: Set<Path>) {
        self.plan = plan
        self.places = places
    }

    /// Finds the revisions since that changed one of the places, or something above or below it.
    ///
    /// Reads the store, so not to be called on a server's worker. A store that fails here tells of nothing.
    mutating func lookUp(in store: any StateStore, _ hindsight: Hindsight) {
        var hindsight = hindsight
        let newest = (try? store.revisions(before: nil, limit: Self.longest)) ?? []
        for revision in newest.reversed() where revision.number > plan.revision {
            let changes = (try? store.changes(of: revision.number)) ?? []
            let change = changes.first { change in
                let path = change.path
                guard places.contains(where: { $0.contains(path) || path.contains($0) }) else { return false }
                return (try? hindsight.sees(path, of: change.id, as: [revision.number - 1, revision.number])) ?? false
            }
            if let change { passages.append((revision, change.path)) }
        }
    }

    /// What happened, as a sentence.
    var detail: String {
        guard let (revision, path) = passages.first else {
            return """
                the plan \(plan) does not hold: nothing was changed there since revision \(plan.revision), so it is the \
                plan of another change, or a machine's state is another by now; make the plan again
                """
        }
        let more = passages.count > 1 ? " (and \(passages.count - 1) more)" : ""
        return """
            the plan \(plan) no longer holds: revision \(revision.number) by \(revision.principal) changed \(path)\(more); \
            make the plan again
            """
    }

    /// The revisions, as a list of a problem document.
    var revisions: Value {
        .list(
            passages.prefix(ProblemDocument.longest).map { revision, path in
                let map: Map = ["number": .integer(revision.number), "path": .string("\(path)")]
                return .map(map.merging(revision.authorship) { old, _ in old })
            })
    }
}
