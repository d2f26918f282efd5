import Cascade
import OrderedCollections
import Store
import Tree

/// Since when the levels that won say what they say: the revision that gave each value, not the last one that wrote the
/// level.
struct Blame {
    private struct Place: Hashable {
        let source: Source
        let key: DottedPath

        /// What an entry's definition says there.
        func value(in definition: Map) -> Value? {
            let keys = source.prototype.map { ["prototypes", Key($0)] + key.keys } ?? key.keys
            return keys.reduce(Value.map(definition) as Value?) { value, name in
                // A list that was fused with a map has its elements as keys.
                value?.map?[name] ?? (value?.list?.contains(.string(name.text)) == true ? [:] : nil)
            }
        }
    }

    /// What is known of a value's age.
    private struct Age {
        var revision: Int
        /// Whether it may be older: not all of the level's past was looked at.
        var isLeast = false
    }

    private var ages: [Place: Age] = [:]
    private var authors: [Int: Revision] = [:]

    /// How many versions of one entry are looked at.
    private static let longest = 1_000
    /// How many are read at a time.
    private static let page = 50

    /// Reads the store, so not to be called on a server's worker.
    ///
    /// - Parameter goOn: is asked before each version of a level is looked at.
    init(
        _ explanations: [Explanation], _ tree: Hierarchy, _ store: any StateStore,
        _ goOn: () throws(ServiceError) -> Void
    ) throws(ServiceError) {
        var places: OrderedDictionary<Path, [Place]> = [:]
        for explanation in explanations {
            guard let source = explanation.origin?.layer.source else { continue }
            places[source.path, default: []].append(Place(source: source, key: explanation.key))
        }
        let horizon = try ServiceError.wrapping { () throws(StoreError) in try store.horizon() }
        for (path, places) in places {
            guard let entry = tree[path]?.entry else { continue }
            try date(places, of: entry, store, horizon, goOn)
        }
        for number in Set(ages.values.map(\.revision)) {
            authors[number] = try ServiceError.wrapping { () throws(StoreError) in try store.revision(number) }
        }
    }

    /// The revision that gave an explained value, with its author.
    func since(_ explanation: Explanation) -> Value? {
        guard let source = explanation.origin?.layer.source,
            let age = ages[Place(source: source, key: explanation.key)]
        else { return nil }
        var map: Map = ["revision": .integer(age.revision)]
        if age.isLeast { map["earlier"] = true }
        map.merge(authors[age.revision]?.authorship ?? [:]) { old, _ in old }
        return .map(map)
    }

    /// Goes back in an entry's past until each of the places said something else.
    private mutating func date(
        _ places: [Place], of entry: Entry, _ store: any StateStore, _ horizon: Int,
        _ goOn: () throws(ServiceError) -> Void
    ) throws(ServiceError) {
        // Unpacked once, not for each place.
        let definition = entry.definition
        let now = places.map { ($0, $0.value(in: definition)) }
        var open = now[...]
        var (next, count) = (entry.revision, 0)
        while !open.isEmpty, next > 0 {
            let end = next
            let versions = try ServiceError.wrapping { () throws(StoreError) in
                try store.versions(of: entry.id, upTo: end, limit: Self.page)
            }
            for version in versions {
                try goOn()
                let definition = version.definition
                open = open.filter { $0.value(in: definition) == $1 }[...]
                for (place, _) in open { ages[place] = Age(revision: version.revision) }
            }
            count += versions.count
            next = versions.count < Self.page ? 0 : (versions.last?.revision ?? 1) - 1
            let isCompacted = horizon > 0 && versions.last.map { $0.revision <= horizon } ?? false
            guard count < Self.longest, !isCompacted else {
                for (place, _) in open { ages[place]?.isLeast = true }
                return
            }
        }
    }
}
