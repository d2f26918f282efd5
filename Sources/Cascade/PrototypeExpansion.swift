import OrderedCollections
import Tree

/// Turns names of prototypes into layers, in the order in which they are fused.
struct PrototypeExpansion {
    let prototypes: [String: [Layer]]
    private(set) var layers: [Layer] = []
    private(set) var problems: [String] = []
    private var chain: [String] = []

    init(prototypes: [String: [Layer]]) {
        self.prototypes = prototypes
    }

    /// Adds the prototypes that a `prototype` key names: one name, or a list.
    mutating func expand(_ names: Value?) {
        switch names {
        case .string(let name): expand(name)
        case .list(let names): for name in names { name.string.map { expand($0) } }
        default: break
        }
    }

    private mutating func expand(_ name: String) {
        guard !chain.contains(name) else {
            problems.append("prototypes name each other in a circle: \((chain + [name]).joined(separator: " → "))")
            return
        }
        guard let contributions = prototypes[name] else {
            problems.append(unknown(name))
            return
        }
        chain.append(name)
        expand(contributions.last { $0.definition["prototype"] != nil }?.definition["prototype"])
        chain.removeLast()
        layers += contributions
    }

    private func unknown(_ name: String) -> String {
        let known = prototypes.keys.sorted()
        let origin = chain.last.map { ", which prototype \"\($0)\" names" } ?? ""
        let hint =
            if let nearest = Spelling.nearest(to: name, among: known) {
                "did you mean \"\(nearest)\"?"
            } else if known.isEmpty {
                "none is defined at this level or above"
            } else {
                "expected one of \(known.joined(separator: ", "))"
            }
        return "no prototype is called \"\(name)\"\(origin); \(hint)"
    }
}
