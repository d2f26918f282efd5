import Cascade
import Lifecycle
import OrderedCollections
import Store
import Tree

/// The revisions that changed what a machine gets, wherever in the tree they were made.
///
/// What a machine gets is computed of its own definition and the commons on its way. So those revisions that changed
/// one of these are looked at, and the ones stay that make a difference in the result.
struct MachineHistory {
    private let store: any StateStore
    private var effects: [Effect] = []
    /// Where to go on; nil at the end.
    private var next: Int?

    private struct Effect {
        let revision: Int
        let differences: [Difference]
    }

    /// A stretch of the history in which the machine stood at one place: from its first revision up to the next one's.
    private struct Stay {
        let path: Path?
        let first: Int
        let end: Int
    }

    /// How many revisions one answer looks at.
    private static let longest = 1_000

    /// Reads the store, so not to be called on a server's worker.
    init(
        _ store: any StateStore, _ entry: Entry, before: Int?, limit: Int, _ hindsight: Hindsight,
        _ goOn: () throws(ServiceError) -> Void
    ) throws(ServiceError) {
        self.store = store
        let horizon = try ServiceError.wrapping { () throws(StoreError) in try store.horizon() }
        var hindsight = hindsight
        var stays: [Stay] = []
        for stay in try Self.stays(of: entry.id, store, before: before ?? .max) {
            // Where it may not be viewed the machine was not there.
            let isSeen = try stay.path.map { path throws(ServiceError) in
                try hindsight.sees(path, of: entry.id, as: [max(stay.first, horizon), stay.end - 1])
            }
            stays.append(Stay(path: isSeen == true ? stay.path : nil, first: stay.first, end: stay.end))
        }
        var past = Past(store, stays: stays.map { ($0.first, $0.path) })
        var looks = Self.longest
        for stay in stays.reversed() {
            guard let path = stay.path else { continue }
            let places = Array(sequence(first: path) { $0.parent })
            let (count, first) = (looks, max(stay.first, horizon + 1))
            let numbers = try ServiceError.wrapping { () throws(StoreError) in
                try store.revisions(at: places, from: first, before: stay.end, limit: count)
            }
            for number in numbers {
                try goOn()
                looks -= 1
                let (after, earlier) = (try past.computed(at: number), try past.computed(at: number - 1))
                let differences = Difference.between(
                    Self.value(earlier), Self.value(after), orderFrom: Difference.depthOfValues)
                if !differences.isEmpty { effects.append(Effect(revision: number, differences: differences)) }
                guard effects.count < limit, looks > 0 else {
                    if number > 1 { next = number }
                    return
                }
            }
        }
    }

    /// Who made a revision, and why, is told of those only that changed something which the caller may view.
    func document(_ call: Call) throws(ServiceError) -> Map {
        var revisions: [Value] = []
        for effect in effects {
            let found = try ServiceError.wrapping { () throws(StoreError) in try store.revision(effect.revision) }
            guard let found else { continue }
            var map = try call.document(of: found)?.map ?? RevisionDocument(anonymous: found).map
            map["differences"] = .list(effect.differences.map(\.document))
            revisions.append(.map(map))
        }
        var document: Map = ["revisions": .list(revisions)]
        document["next"] = next.map(Value.integer)
        return document
    }

    /// The definition, with the name.
    private static func value(_ computed: Computed?) -> Value? {
        computed.map { .map($0.definition.merging(["certname": .string($0.certname)]) { _, name in name }) }
    }

    private static func stays(of id: EntryID, _ store: any StateStore, before: Int) throws(ServiceError) -> [Stay] {
        let moves = try ServiceError.wrapping { () throws(StoreError) in try store.moves(of: id) }
        var stays: [Stay] = []
        for move in moves where move.revision < before {
            if let last = stays.last {
                guard last.path != move.path else { continue }
                stays[stays.count - 1] = Stay(path: last.path, first: last.first, end: move.revision)
            }
            stays.append(Stay(path: move.path, first: move.revision, end: before))
        }
        return stays
    }
}

/// What a machine was computed to at each time.
private struct Past {
    private let store: any StateStore
    /// From which revision on it stood where, oldest first.
    private let stays: [(first: Int, path: Path?)]
    private var known: (revision: Int, computed: Computed?)?

    init(_ store: any StateStore, stays: [(first: Int, path: Path?)]) {
        self.store = store
        self.stays = stays
    }

    mutating func computed(at revision: Int) throws(ServiceError) -> Computed? {
        if let known, known.revision == revision { return known.computed }
        let computed = try compute(at: revision)
        known = (revision, computed)
        return computed
    }

    private func compute(at revision: Int) throws(ServiceError) -> Computed? {
        guard let path = stays.last(where: { $0.first <= revision })?.path else { return nil }
        let places = Array(sequence(first: path) { $0.parent }).reversed()
        var inheritance: Inheritance?
        for place in places {
            let entry = try ServiceError.wrapping { () throws(StoreError) in try store.entry(at: place, as: revision) }
            let layer = entry?.layer ?? Layer(source: Source(path: place, isCommon: place != path))
            if place == path { return inheritance?.compute(layer) }
            inheritance = inheritance?.entering(layer) ?? Inheritance(root: layer)
        }
        return nil
    }
}
