import Formats
import OrderedCollections
import Secrets
import Tree

/// Machines by what they have in common: how many there are of each kind, and the names of the first of them.
///
/// So it grows with the number of kinds, not of machines.
struct Grouping<Kind: Documented> {
    private struct Group {
        /// A digest of the kind.
        let mark: String
        var count = 0
        var listed: [MachineName] = []
    }

    /// How many names a kind lists.
    let names: Int
    private var groups: OrderedDictionary<Kind, Group> = [:]

    init(names: Int) {
        self.names = names
    }

    /// How many machines there are.
    var count: Int { groups.values.reduce(0) { $0 + $1.count } }

    /// Puts a machine into its group.
    ///
    /// - Returns: a digest of the kind.
    mutating func add(_ machine: MachineName, _ kind: Kind) -> String {
        var group = groups[kind] ?? Group(mark: Digest.etag(of: JSON.encode(.map(kind.document))))
        group.count += 1
        if group.listed.count < names { group.listed.append(machine) }
        groups[kind] = group
        return group.mark
    }

    /// The groups of the most machines.
    ///
    /// - Returns: what becomes of the groups, and how many are left out.
    func document(limit: Int) -> (groups: Value, left: Int) {
        let told = groups.elements.enumerated().sorted { one, other in
            (other.element.value.count, one.offset) < (one.element.value.count, other.offset)
        }
        let documents = told.prefix(limit).map { _, element -> Value in
            let (kind, group) = element
            var map: Map = ["machines": .integer(group.count)]
            map.merge(kind.document) { _, new in new }
            map["listed"] = .list(group.listed.map(\.document))
            return .map(map)
        }
        return (.list(documents), max(0, told.count - limit))
    }
}

/// What machines are told of together for.
protocol Documented: Hashable, Sendable {
    var document: Map { get }
}
