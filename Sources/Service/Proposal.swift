import Access
import OrderedCollections
import Tree

/// A change that somebody asks for, as a value: it can be planned as well as made.
enum Proposal: Sendable {
    case apply(ApplyRequest)
    case put(Target, PutRequest, parents: Bool)
    /// A merge patch on a definition (RFC 7396).
    case patch(Target, Map)
    /// `destroys`: the machines that exist are destroyed first.
    case delete(Path, isRecursive: Bool, destroys: Bool)
    case move(Path, to: Path)
    case copy(Path, to: Path)
    case revert(Revert)

    /// Does it to an edit that began from `before`.
    func make(of before: Snapshot, _ edit: inout Edit) throws(ServiceError) {
        switch self {
        case .apply(let request):
            try request.write(to: &edit, before)
        case .put(let target, let request, let parents):
            guard let kind = request.kind ?? edit.entry(at: target.path)?.kind else {
                throw .badRequest("\(target.path) does not exist yet: expected \"kind\" to be \"folder\" or \"vm\"")
            }
            try edit.put(target.path, kind, request.definition, parents: parents)
        case .patch(let target, let patch):
            try edit.standing.see(target.path)
            let entry = try before.entry(at: target)
            try edit.put(entry.path, entry.kind, try entry.definition.patched(with: patch).readable())
        case .delete(let path, let isRecursive, let destroys):
            try before.refuseDeletion(of: path, isRecursive: isRecursive, edit.standing)
            if !destroys { try edit.refuseMachines(below: path) }
            try edit.remove(path)
        case .move(let path, let target):
            try edit.move(path, to: target)
        case .copy(let path, let target):
            try edit.copy(path, to: target)
        case .revert(let revert):
            try revert.write(to: &edit, before)
        }
    }
}

extension Snapshot {
    /// The entry that is written to.
    fileprivate func entry(at target: Target) throws(ServiceError) -> Entry {
        guard let entry = tree[target.path]?.entry else { throw .missing(target.path) }
        if case .common = target, entry.kind != .folder { throw .missing(target.path) }
        return entry
    }

    /// Refuses what is missing, and what holds entries unless these are to go as well. The root itself always stays.
    fileprivate func refuseDeletion(
        of path: Path, isRecursive: Bool, _ standing: Standing
    ) throws(ServiceError) {
        try standing.see(path)
        guard let node = tree[path] else { throw .missing(path) }
        guard !isRecursive else { return }
        guard !path.isRoot else {
            throw .conflict(path, "the root cannot be deleted; recursive=true deletes all that is below it")
        }
        let count = node.sortedChildren.count { standing.finds($0.entry.path) }
        guard count == 0 else {
            let entries = count == 1 ? "1 entry" : "\(count) entries"
            throw .conflict(path, "\(path) holds \(entries); delete what it holds first, or ask with recursive=true")
        }
    }
}
