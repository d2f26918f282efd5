import HashTreeCollections
import Tree
import Views

/// The names of Ansible's inventory that are taken, and by what. A value, persistent like the index it is part of.
struct Names: Sendable {
    private struct Holding {
        /// A folder's group or a machine; nothing else can have the name beside it.
        var owner: Claim?
        /// A group that machines list, and how many do.
        var listed: (claim: Claim, count: Int)?

        var isFree: Bool { owner == nil && listed == nil }
    }

    private var holdings: TreeDictionary<String, Holding> = [:]

    private static let reserved = Dictionary(Claim.reserved.map { ($0.name, $0) }) { first, _ in first }

    /// Takes a name; says what is wrong if something has it already that it cannot be shared with.
    mutating func insert(_ claim: Claim) throws(Problem) {
        var holding = holdings[claim.name] ?? Holding()
        let others = [holding.owner, holding.listed?.claim, Names.reserved[claim.name]].compactMap { $0 }
        for other in others {
            if let problem = claim.problem(beside: other) { throw problem }
        }
        switch claim.holder {
        case .listed: holding.listed = (claim, (holding.listed?.count ?? 0) + 1)
        case .folder, .machine, .state, .hypervisor, .ansible: holding.owner = claim
        }
        holdings[claim.name] = holding
    }

    /// Gives a name back.
    mutating func remove(_ claim: Claim) {
        guard var holding = holdings[claim.name] else { return }
        switch claim.holder {
        case .listed: holding.listed = holding.listed.flatMap { $0.count > 1 ? ($0.claim, $0.count - 1) : nil }
        case .folder, .machine, .state, .hypervisor, .ansible: if holding.owner == claim { holding.owner = nil }
        }
        holdings[claim.name] = holding.isFree ? nil : holding
    }
}
