import OrderedCollections
import Tree

/// Keys that one layer unsets, put together so that each map is gone through once, however many of its keys go.
struct Cut {
    /// The place among the layer's instructions that takes away what stands here; nil if only some of it goes.
    private(set) var place: Int?
    private(set) var below: OrderedDictionary<Key, Cut> = [:]

    /// - Parameter keys: what is unset, in the order of the instructions: what follows in what is gone finds nothing.
    init(_ keys: [DottedPath]) {
        for (place, key) in keys.enumerated() { insert(key.keys[...], place) }
    }

    private init() {}

    private mutating func insert(_ keys: ArraySlice<Key>, _ place: Int) {
        guard self.place == nil else { return }
        guard let key = keys.first else {
            self.place = place
            return
        }
        below[key, default: Cut()].insert(keys.dropFirst(), place)
    }
}

extension Fused {
    /// This value without what a cut takes away below it.
    ///
    /// - Parameters:
    ///   - strategies: those at work here.
    ///   - removed: gets what goes, by the place of the instruction that takes it.
    func removing(_ cut: Cut, _ strategies: Strategies?, _ removed: inout [Int: Fused]) -> Fused {
        guard case .map(var fields) = content else {
            return strategies?.namesKeys == true ? removingNames(cut, &removed) : self
        }
        var (isChanged, gone) = (false, Set<Key>())
        for (key, cut) in cut.below {
            guard let index = fields.index(forKey: key) else { continue }
            let field = fields.values[index]
            let rest = field.removing(cut, strategies?[key], &removed)
            if let place = cut.place {
                removed[place] = rest
                gone.insert(key)
            } else if rest !== field {
                fields.values[index] = rest
                isChanged = true
            }
        }
        guard isChanged || !gone.isEmpty else { return self }
        if !gone.isEmpty { fields.removeAll { gone.contains($0.key) } }
        return without(fields)
    }

    /// A list of names without those that a cut takes away.
    private func removingNames(_ cut: Cut, _ removed: inout [Int: Fused]) -> Fused {
        guard case .leaf(.list(let elements)) = content, let fields = keyed?.fields else { return self }
        var gone: Set<Value> = []
        for (name, cut) in cut.below {
            guard let place = cut.place, let field = fields[name] else { continue }
            removed[place] = field
            gone.insert(.string(name.text))
        }
        return gone.isEmpty ? self : keeping(elements.filter { !gone.contains($0) })
    }
}
