import HashTreeCollections
import Lifecycle
import Logging
import OrderedCollections
import Store
import Synchronization
import Tree

/// Restores what is wanted of machines whose definition says `keep`, when a look has shown that they are something else.
///
/// It asks for an operation, as a person would, and never while another is under way. What does not help, or not for long,
/// is tried again after pauses that grow. What somebody's verb has led away from is left (`Record.held`).
final class Keeper: Sendable {
    private let current: CurrentSnapshot
    private let operations: Operations
    private let patience: Patience
    private let log: Logger
    private let state = Mutex(State())

    private struct State {
        /// Which machines are kept, as of a revision.
        var kept: (revision: Int, machines: [EntryID: Wanted])?
        var trials: [EntryID: Trial] = [:]
    }

    /// How often in a row a machine was restored, and not before when it may be again.
    private struct Trial {
        var count: Int
        var next: ContinuousClock.Instant
    }

    init(_ current: CurrentSnapshot, _ operations: Operations, _ patience: Patience, _ log: Logger) {
        self.current = current
        self.operations = operations
        self.patience = patience
        self.log = log
    }

    /// Restores those of the machines, which were just looked at, that need it.
    func look(at ids: [EntryID]) async {
        let snapshot = current.snapshot
        let kept = kept(in: snapshot)
        guard !kept.isEmpty else { return }
        for id in ids {
            guard let wanted = kept[id], let record = snapshot.records[id], record.silence == nil,
                !operations.isBusy(id), let entry = snapshot.entry(id)
            else { continue }
            guard record.held != wanted.state, let verb = wanted.remedy(for: record.machine) else {
                rest(id)
                continue
            }
            if isDue(id) { await restore(entry, verb, wanted) }
        }
    }

    private func restore(_ entry: Entry, _ verb: Verb, _ wanted: Wanted) async {
        let order = Order(verb: verb, keeps: verb == .start, restoresWanted: true)
        let author = Author(principal: .daemon, address: nil)
        do throws(ServiceError) {
            let operation = try await operations.accept(order, at: entry.path, [entry], isFolder: false, author)
            log.notice("\(entry.path) is wanted \(wanted.state.rawValue): operation \(operation.id) restores that")
        } catch {
            log.error(
                "\(entry.path) is wanted \(wanted.state.rawValue), which cannot be restored: \(error.document.detail)")
        }
    }

    /// Whether a machine's pause is over; begins the next one if so.
    private func isDue(_ id: EntryID) -> Bool {
        state.withLock { state in
            let known = state.trials[id]
            guard (known?.next ?? .now) <= .now else { return false }
            let count = (known?.count ?? 0) + 1
            state.trials[id] = Trial(count: count, next: .now.advanced(by: patience.growing(count)))
            return true
        }
    }

    /// Forgets how often a machine was restored, once it has been well for as long as the last pause was.
    private func rest(_ id: EntryID) {
        state.withLock { state in
            guard let trial = state.trials[id], trial.next.advanced(by: patience.growing(trial.count)) <= .now else {
                return
            }
            state.trials[id] = nil
        }
    }

    /// The machines that are kept. They are looked for once a revision, and only where a level says `keep` at all.
    private func kept(in snapshot: Snapshot) -> [EntryID: Wanted] {
        if let kept = state.withLock({ $0.kept }), kept.revision == snapshot.revision { return kept.machines }
        var machines: [EntryID: Wanted] = [:]
        if snapshot.tree.saysKeep {
            snapshot.tree.root.walk { node in
                let entry = node.entry
                guard entry.kind == .vm, let wanted = snapshot.wanted(of: entry), wanted.isKept else { return }
                machines[entry.id] = wanted
            }
        }
        state.withLock { state in
            state.kept = (snapshot.revision, machines)
            state.trials = state.trials.filter { machines[$0.key] != nil }
        }
        return machines
    }
}

extension Hierarchy {
    fileprivate var saysKeep: Bool {
        func keeps(_ wanted: Value?) -> Bool { wanted?.map?["keep"] == true }
        var isSaid = false
        root.walk { node in
            let layer = node.entry.layer
            isSaid =
                isSaid || keeps(layer["wanted"])
                || layer["prototypes"]?.map?.values.contains { keeps($0.map?["wanted"]) } ?? false
        }
        return isSaid
    }
}
