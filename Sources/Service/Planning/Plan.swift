import Access
import Formats
import OrderedCollections
import Store
import Tree

/// What a change would do: to entries, to machines, and to what each tool is told of these.
///
/// It is read off a trial, which is what the writer would make. Machines are looked at one after the other and told of
/// by what happens to them alike, so that a plan grows with the number of different effects, not of machines.
struct Plan {
    let id: PlanID
    let trial: Trial
    /// Whether the change would be made without force.
    let isValid: Bool
    /// What happens to entries, as far as it may be told.
    let changes: [Change]
    /// How many machines the change reaches.
    let reached: Int
    /// What tools are told of machines.
    let affected: Grouping<Effect>
    /// The machines whose certname becomes another.
    let renamed: Grouping<Effect.Kind>
    /// What machines that exist come to wait for.
    let pending: Grouping<Pending>
    /// What they wait for no more.
    let settled: Grouping<Pending>
    /// The definitions that become invalid.
    let broken: Grouping<Faults>
    let mended: Grouping<Faults>
    /// What becomes wrong with what folders hand down.
    let folders: [Problem]

    /// - Parameters:
    ///   - trial: the change; its author is told of what he may view, as if there were no more.
    ///   - names: how many machines of a kind are named.
    ///   - limit: is asked before each machine is looked at.
    init(_ trial: Trial, names: Int, until limit: WorkLimit? = nil) throws(ServiceError) {
        let sees = trial.edit.standing.sees
        var digest = RunningDigest()
        var (reached, isValid) = (0, trial.presumptions.isEmpty)
        var affected = Grouping<Effect>(names: names)
        var renamed = Grouping<Effect.Kind>(names: names)
        var (pending, settled) = (Grouping<Pending>(names: names), Grouping<Pending>(names: names))
        var (broken, mended) = (Grouping<Faults>(names: names), Grouping<Faults>(names: names))

        let earlier = trial.edit.origins
        for change in trial.edit.changes.values {
            digest.add(JSON.encode(RevisionDocument.document(change, earlier[change.id], sees)))
        }
        try trial.forEachMachine { old, new throws(ServiceError) in
            try limit?.check()
            guard let comparison = Comparison(trial, old, new, sees) else { return }
            let faults = comparison.faults(sees)
            if faults != nil { isValid = false }
            let name = comparison.name
            guard sees(name.path) else { return }
            reached += 1
            var marks: [String] = []
            func add<Kind>(_ kind: Kind?, to grouping: inout Grouping<Kind>) {
                if let kind { marks.append(grouping.add(name, kind)) }
            }
            let effect = comparison.effect
            add(effect, to: &affected)
            add(name.formerly == nil ? nil : effect?.kind, to: &renamed)
            add(comparison.pending, to: &pending)
            add(comparison.settled, to: &settled)
            add(faults, to: &broken)
            add(comparison.mended(sees), to: &mended)
            if !marks.isEmpty {
                digest.add(Array((["\(name.path)", name.certname] + marks).joined(separator: " ").utf8))
            }
        }

        id = PlanID(revision: trial.before.revision, digest: digest.text)
        self.trial = trial
        self.isValid = isValid
        changes = trial.edit.changes.values.filter { change in
            sees(change.path) || earlier[change.id].map { sees($0.path) } ?? false
        }
        self.reached = reached
        self.affected = affected
        self.renamed = renamed
        self.pending = pending
        self.settled = settled
        self.broken = broken
        self.mended = mended
        folders = trial.presumptions.filter { $0.path.map(sees) ?? true }.map { $0.seen(sees) }
    }
}
