import OrderedCollections
import Tree

/// Turns names of prototypes into layers, in the order in which they are fused: a prototype follows those it names, and
/// comes once, however many name it.
struct PrototypeExpansion {
    /// The layers of each prototype by name, the farthest level first.
    let prototypes: [Key: [Ply]]
    private(set) var plies: [Ply] = []
    private(set) var problems: [Problem] = []
    private var chain: [Key] = []
    private var done: Set<Key> = []

    /// How many prototypes may name one another in a row.
    static let longestChain = 32

    /// - Parameter names: what a `prototype` key says: one name, or a list.
    init(of names: Value, prototypes: [Key: [Ply]]) {
        self.prototypes = prototypes
        expand(names)
    }

    private mutating func expand(_ names: Value) {
        switch names {
        case .string(let name): expand(Key(name))
        case .list(let names): for case .string(let name) in names { expand(Key(name)) }
        case .null, .bool, .integer, .float, .map: break
        }
    }

    private mutating func expand(_ name: Key) {
        if let start = chain.firstIndex(of: name) {
            let circle = (chain[start...] + [name]).map(\.text).joined(separator: " → ")
            problems.append(Problem("prototypes name each other in a circle: \(circle)"))
            return
        }
        guard !done.contains(name) else { return }
        guard let contributions = prototypes[name] else {
            problems.append(unknown(name))
            return
        }
        guard chain.count < PrototypeExpansion.longestChain else {
            problems.append(Problem("prototypes name more than \(PrototypeExpansion.longestChain) others in a row"))
            return
        }
        let inner = contributions.reversed().lazy.compactMap { $0.instructions["prototype"] }.first
        if let inner {
            chain.append(name)
            expand(inner)
            chain.removeLast()
        }
        done.insert(name)
        plies += contributions
    }

    private func unknown(_ name: Key) -> Problem {
        let origin = chain.last.map { ", which prototype \"\($0)\" names" } ?? ""
        let message = "no prototype is called \"\(name)\"\(origin)"
        guard problems.count < Resolution.mostHints else { return Problem(message) }
        let known = prototypes.mapValues { Set($0.map(\.layer.source.path)) }
        return Problem(message, Offer(insteadOf: name, of: known))
    }
}
