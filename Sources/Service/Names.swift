import HashTreeCollections
import Lifecycle
import Tree
import Views

/// The names of Ansible's inventory that are taken, and by what; but for machines', which the index knows by their
/// certnames. A value, persistent like the index it is part of.
struct Names: Sendable {
    private struct Holding {
        /// A folder or a hypervisor, and how many say so.
        var owner: Share?
        /// A group that machines list, and how many say so.
        var listed: Share?

        var isFree: Bool { owner == nil && listed == nil }
    }

    /// A claim that several make alike.
    private struct Share {
        let claim: Claim
        var count = 0

        func changed(by step: Int) -> Share? {
            count + step > 0 ? Share(claim: claim, count: count + step) : nil
        }
    }

    private var holdings: TreeDictionary<String, Holding> = [:]

    private static let reserved = Dictionary(
        (Claim.reserved + State.allCases.map { Claim(state: $0.rawValue) }).map { ($0.name, $0) }
    ) { first, _ in first }

    /// Says what is wrong if something has a name already that it cannot be shared with.
    func check(_ claim: Claim) throws(Clash) {
        let holding = holdings[claim.name]
        for case let other? in [holding?.owner?.claim, holding?.listed?.claim, Names.reserved[claim.name]] {
            if let clash = Clash(claim, beside: other) { throw clash }
        }
    }

    /// Takes a name that can be taken.
    mutating func insert(_ claim: Claim) throws(Clash) {
        try check(claim)
        var holding = holdings[claim.name] ?? Holding()
        switch claim.holder {
        case .listed: holding.listed = (holding.listed ?? Share(claim: claim)).changed(by: 1)
        case .folder, .machine, .state, .hypervisor, .ansible:
            holding.owner = (holding.owner ?? Share(claim: claim)).changed(by: 1)
        }
        holdings[claim.name] = holding
    }

    /// Gives a name back.
    mutating func remove(_ claim: Claim) {
        guard var holding = holdings[claim.name] else { return }
        switch claim.holder {
        case .listed: holding.listed = holding.listed?.changed(by: -1)
        case .folder, .machine, .state, .hypervisor, .ansible:
            if holding.owner?.claim == claim { holding.owner = holding.owner?.changed(by: -1) }
        }
        holdings[claim.name] = holding.isFree ? nil : holding
    }
}
