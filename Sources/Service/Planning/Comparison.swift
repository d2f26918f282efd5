import Cascade
import Lifecycle
import OrderedCollections
import Tree
import Views

/// One machine before and after a change.
struct Comparison {
    let name: MachineName
    private let before: Sight?
    private let after: Sight?

    /// A machine as one snapshot has it.
    private struct Sight {
        let computed: Computed
        let record: Record

        init?(_ entry: Entry?, _ snapshot: Snapshot) {
            guard let entry, let computed = snapshot.compute(entry) else { return nil }
            self.computed = computed
            record = snapshot.record(of: entry)
        }

        var definition: Value { .map(computed.definition) }
        var names: OwnNames { OwnNames(path: computed.path, certname: computed.certname) }
        var isSound: Bool { computed.problems.isEmpty }
        /// What tools are told of; nil if they are told nothing.
        var subject: Subject? { isSound ? Subject(computed, Facts(record)) : nil }
        /// What the machine waits for.
        var pending: [Difference] { isSound ? record.pending(computed.definition) : [] }
    }

    /// - Parameter sees: whether where a machine stood may be told.
    init?(_ trial: Trial, _ old: Entry?, _ new: Entry?, _ sees: (Path) -> Bool) {
        before = Sight(old, trial.before)
        after = Sight(new, trial.after)
        guard let known = after ?? before else { return nil }
        let (path, certname) = (known.computed.path, known.computed.certname)
        let isElsewhere = before?.computed.path != path
        name = MachineName(
            path: path, certname: certname,
            from: isElsewhere ? before.flatMap { sees($0.computed.path) ? $0.computed.path : nil } : nil,
            formerly: before?.computed.certname == certname ? nil : before?.computed.certname)
    }

    /// What becomes of what tools are told; nil if nothing does.
    var effect: Effect? {
        guard let after else {
            let isThere = before?.record.isOnHypervisor ?? false
            return Effect(kind: isThere ? .destroyed : .removed, differences: [], documents: [:])
        }
        let differences = Difference.between(
            before?.definition, after.definition, isReplayable: true, orderFrom: Difference.depthOfValues)
        guard kind != .changed || !differences.isEmpty || letsCodeThrough else { return nil }
        let documents = documents
        guard kind != .changed || !differences.isEmpty || !documents.isEmpty else { return nil }
        let (former, present) = (before?.names, after.names)
        return Effect(
            kind: kind, differences: differences.map { $0.hiding(former, present) },
            documents: documents.mapValues { $0.map { $0.hiding(former, present) } })
    }

    /// Whether what tools are told hangs on which levels say it, too.
    private var letsCodeThrough: Bool {
        let flags: [DottedPath] = [["ansible", "templates"], ["puppet", "interpolate"]]
        return flags.contains { flag in after.map { Licence(flag, in: $0.computed) != nil } ?? false }
    }

    private var kind: Effect.Kind {
        guard let before, let after else { return .created }
        if before.computed.path != after.computed.path { return .moved }
        return before.computed.certname == after.computed.certname ? .changed : .renamed
    }

    /// How the tools' documents differ; none if they are not served before, or not afterwards.
    private var documents: OrderedDictionary<View, [Difference]> {
        guard let subject = after?.subject, before?.isSound ?? true else { return [:] }
        let former = before?.subject
        var documents: OrderedDictionary<View, [Difference]> = [:]
        for view in View.allCases {
            let differences = view.differences(from: former, to: subject)
            if !differences.isEmpty { documents[view] = differences }
        }
        return documents
    }

    /// What the machine, being there, comes to wait for; nil if that is nothing new.
    var pending: Pending? {
        guard let before, let after else { return nil }
        let known = Set(before.pending)
        return wait(for: after.pending.filter { !known.contains($0) }, after)
    }

    /// What it waits for no more.
    var settled: Pending? {
        guard let before, let after, after.isSound else { return nil }
        let keys = Set(after.pending.map(\.key))
        return wait(for: before.pending.filter { !keys.contains($0.key) }, before)
    }

    private func wait(for differences: [Difference], _ sight: Sight) -> Pending? {
        guard !differences.isEmpty else { return nil }
        let verb = sight.record.verb(toApply: differences, of: sight.computed.definition)
        return Pending(differences: differences, verb: verb)
    }

    /// What is wrong with the definition, and was not before.
    func faults(_ sees: (Path) -> Bool) -> Faults? {
        guard let after, !after.isSound, before?.isSound ?? true else { return nil }
        return Faults(after.computed.problems, sees)
    }

    /// What was wrong with the definition, and is no more.
    func mended(_ sees: (Path) -> Bool) -> Faults? {
        guard let before, !before.isSound, after?.isSound ?? false else { return nil }
        return Faults(before.computed.problems, sees)
    }
}
