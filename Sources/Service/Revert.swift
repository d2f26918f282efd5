import Access
import HTTP
import Lifecycle
import OrderedCollections
import Store
import Tree

/// The undoing of a revision, as far as nothing that came later is in the way.
///
/// What a revision did to an entry is undone key by key: a later change of another key stays.
struct Revert: Sendable {
    let revision: Int
    private let changes: [Change]
    /// The entries that the revision changed, as they were before.
    private let before: [EntryID: Entry]
    private let store: any StateStore

    /// Reads the store, so not to be called on a server's worker.
    init(_ revision: Int, _ store: any StateStore) throws(ServiceError) {
        self.revision = revision
        self.store = store
        (changes, before) = try ServiceError.wrapping { () throws(StoreError) in
            (try store.changes(of: revision), try store.entries(before: revision))
        }
    }

    /// Answers `POST /v1/revisions/{number}:revert`.
    static func revert(_ call: Call) async throws(ServiceError) -> Response {
        let revision = try call.revision()
        guard try call.document(of: revision) != nil else { throw call.noRevision("\(revision.number)") }
        let number = revision.number
        let revert = try Revert(number, call.parts.store)
        let written = try await call.write(.revert(revert), message: "revert of revision \(number)")
        return try HistoryRoutes.answer(try call.revision(written.after.revision), call.at(written.after))
    }

    func write(to edit: inout Edit, _ now: Snapshot) throws(ServiceError) {
        try refuseInvisible(Hindsight(edit.standing, now.tree, store), edit.standing.principal)
        var obstacles: [Problem] = []
        var steps: [Edit.Step] = []
        for change in changes {
            let step = try step(undoing: change, now, edit.standing, &obstacles)
            if let step { steps.append(step) }
        }
        guard obstacles.isEmpty else { throw .inTheWay(revision, obstacles) }
        try edit.take(steps)
        guard !edit.changes.isEmpty else {
            throw .conflict(nil, "revision \(revision) is undone already: nothing of what it changed is there any more")
        }
    }

    /// Refuses to undo what its author may not view: half a revision would be another one.
    private func refuseInvisible(_ hindsight: Hindsight, _ principal: Principal) throws(ServiceError) {
        var hindsight = hindsight
        for change in changes {
            for path in [change.path, before[change.id]?.path].compactMap({ $0 }) {
                guard try !hindsight.sees(path, of: change.id, as: [revision - 1, revision]) else { continue }
                throw .forbidden(
                    "revision \(revision) changed more than \(principal.name) may view; "
                        + "it can be undone by who may view and edit all that it changed")
            }
        }
    }

    private func step(
        undoing change: Change, _ now: Snapshot, _ standing: Standing, _ obstacles: inout [Problem]
    ) throws(ServiceError) -> Edit.Step? {
        let places = [change.path, before[change.id]?.path].compactMap { $0 }
        let current = places.lazy.compactMap { now.tree[$0]?.entry }.first { $0.id == change.id }
        guard case .set(let id, let kind, let path, let after) = change else {
            guard current == nil, let old = before[change.id] else { return nil }
            return try place(of: change.id) == nil ? Edit.Step(now: nil, then: old) : nil
        }
        guard let current else {
            let place = try place(of: id)
            if place == nil, before[id] == nil { return nil }
            let fate = place.map { standing.sees($0) ? "it was moved to \($0)" : "it was moved" } ?? "it was deleted"
            obstacles.append(Problem(path: path, "\(fate) \(try later(id))"))
            return nil
        }
        // The root is always there: before it was written first, it said nothing.
        let old = before[id] ?? (path.isRoot ? Entry(id: id, kind: kind, path: path, revision: 0) : nil)
        guard let old else {
            if current.definition != after {
                obstacles.append(Problem(path: path, "it was changed \(try later(id))"))
            } else if now.record(of: current).isOnHypervisor {
                obstacles.append(Problem(path: path, "it has a VM; destroy it first"))
            }
            return Edit.Step(now: current, then: nil)
        }
        let definition = try undone(old.definition, after, current, &obstacles)
        guard definition != current.definition || old.path != current.path else { return nil }
        let then = Entry(id: id, kind: kind, path: old.path, definition: definition, revision: current.revision)
        return Edit.Step(now: current, then: then)
    }

    /// The definition with what the revision made of `old` undone.
    private func undone(
        _ old: Map, _ after: Map, _ current: Entry, _ obstacles: inout [Problem]
    ) throws(ServiceError) -> Map {
        let merge = Merge(base: after, theirs: current.definition, ours: old)
        for conflict in merge.conflicts {
            let found = conflict.theirs.map { "is \($0.summary)" } ?? "was removed"
            obstacles.append(
                Problem(path: current.path, key: conflict.key, "it \(found) \(try later(current.id))"))
        }
        return merge.definition
    }

    /// Where an entry stands now; nil if it is no more.
    private func place(of id: EntryID) throws(ServiceError) -> Path? {
        try moves(id).last?.path
    }

    /// `since revision 5`, `since revisions 5, 8`.
    private func later(_ id: EntryID) throws(ServiceError) -> String {
        let numbers = try moves(id).map(\.revision).filter { $0 > revision }.map(String.init)
        return "since revision\(numbers.count == 1 ? "" : "s") \(numbers.joined(separator: ", "))"
    }

    private func moves(_ id: EntryID) throws(ServiceError) -> [Move] {
        try ServiceError.wrapping { () throws(StoreError) in try store.moves(of: id) }
    }
}
