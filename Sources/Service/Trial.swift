import Access
import Cascade
import HashTreeCollections
import OrderedCollections
import Store
import Tree

/// A change worked out on a snapshot and checked, but not made: the writer makes it, a plan tells of it.
struct Trial: Sendable {
    let before: Snapshot
    let edit: Edit
    /// What becomes of the snapshot; the same one if nothing changes.
    let after: Snapshot
    /// What is wrong with folders after it and was not before.
    let presumptions: [Problem]

    /// - Parameters:
    ///   - principal: who makes it; what he may not do is refused.
    ///   - isForced: whether to accept that machines become broken.
    ///   - limit: is asked before each few machines are looked at.
    ///   - make: gets the snapshot that the edit begins from, for its preconditions.
    init(
        _ before: Snapshot, _ principal: Principal, isForced: Bool, until limit: WorkLimit? = nil,
        _ make: (Snapshot, inout Edit) throws(ServiceError) -> Void
    ) throws(ServiceError) {
        try self.init(try Edit(before, principal, make), isForced: isForced, until: limit)
    }

    init(_ edit: Edit, isForced: Bool, until limit: WorkLimit? = nil) throws(ServiceError) {
        let before = edit.before
        self.before = before
        self.edit = edit
        guard !edit.changes.isEmpty else {
            (after, presumptions) = (before, [])
            return
        }
        let inheritances = Inheritances(before.inheritances)
        let isSlight = before.isSlight(edit, inheritances)
        let index = try before.index.updated(
            by: edit, inheritances, isSlight: isSlight, isForced: isForced, until: limit)
        presumptions = isSlight || index.trustDependencies.isEmpty ? [] : edit.presumptions(inheritances)
        if !isForced, !isSlight {
            try before.refuseLostImages(edit, inheritances)
            guard presumptions.isEmpty else { throw .breaks(presumptions, machines: 0) }
        }
        var records = before.records
        for id in edit.gone {
            inheritances.forget(id)
            records[id] = nil
        }
        after = Snapshot(
            revision: edit.revision, tree: edit.tree, records: records, index: index, inheritances: inheritances,
            policy: edit.policy, reach: before.reach)
    }

    /// Calls `body` for each descriptor that the change may reach, as it is before and as it becomes: first those that
    /// are there afterwards, sorted by path, then those that go.
    func forEachMachine(_ body: (_ before: Entry?, _ after: Entry?) throws(ServiceError) -> Void)
        throws(ServiceError)
    {
        for place in edit.tops {
            for entry in edit.tree.batches(below: place, after.inheritances).flatMap(\.entries) {
                try body(before.entry(entry.id), entry)
            }
        }
        for entry in edit.removed where entry.kind == .vm && after.index.listings[entry.id] == nil {
            try body(entry, nil)
        }
    }
}
