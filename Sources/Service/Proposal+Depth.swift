import Formats
import OrderedCollections
import Tree

extension Proposal {
    /// Refuses definitions, and patches of definitions, that are too deep; what the request puts around them does not count.
    func refuseDefinitions(deeperThan depth: Int) throws(ServiceError) {
        let problems: [Problem]
        switch self {
        case .apply(let request):
            problems = request.entries.compactMap { $0.definition.depthProblem(depth, at: $0.path) }
        case .put(let target, let request, _):
            problems = [request.definition.depthProblem(depth, at: target.path)].compactMap { $0 }
        case .patch(let target, let patch):
            problems = [patch.depthProblem(depth, at: target.path)].compactMap { $0 }
        case .delete, .move, .copy, .revert:
            problems = []
        }
        guard problems.isEmpty else { throw .invalid(problems) }
    }
}

extension Map {
    fileprivate func depthProblem(_ depth: Int, at path: Path) -> Problem? {
        guard let keys = Value.map(self).keys(toDeeperThan: depth) else { return nil }
        let key = keys.isEmpty ? nil : DottedPath(keys: Array(keys.prefix(4)))
        return Problem(path: path, key: key, Limits(depth: depth).depthMessage)
    }
}

extension Value {
    /// The keys, down to the first list, that lead to lists or maps which stand deeper than so many levels; nil if none do.
    fileprivate func keys(toDeeperThan levels: Int) -> [Key]? {
        switch self {
        case .map(let map):
            guard levels > 0 else { return [] }
            for (key, value) in map {
                if let keys = value.keys(toDeeperThan: levels - 1) { return [key] + keys }
            }
            return nil
        case .list(let list):
            guard levels > 0 else { return [] }
            return list.contains { $0.keys(toDeeperThan: levels - 1) != nil } ? [] : nil
        default: return nil
        }
    }
}
