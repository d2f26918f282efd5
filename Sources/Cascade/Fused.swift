public import OrderedCollections
public import Tree

/// A value of a fusion: what it is, the layer it came from, and what it overrode.
public struct Fused: Sendable {
    public enum Content: Sendable {
        case leaf(Value)
        case map(Fields)
    }

    public typealias Fields = OrderedDictionary<String, Fused>

    public internal(set) var content: Content
    /// The layer that gave the value; of a map, the first that wrote it; of a joined list, the last that added to it.
    public let layer: Layer
    /// What the value replaced or, as a list, was joined to; the farthest first.
    public internal(set) var overrode: [Overridden] = []
    /// The strategy that joined the list, if one did.
    public internal(set) var strategy: Strategy?
    /// Whether fusing this on top of something ends it: the value has itself replaced another.
    ///
    /// Without it fusion would not be associative: a map over a string over a map keeps nothing of the first, even
    /// when the upper two were fused before.
    var isCut = false

    public struct Overridden: Sendable {
        public let layer: Layer
        public let value: Value
    }

    /// A layer's value before it is fused with anything.
    init(_ value: Value, from layer: Layer) {
        self.layer = layer
        content =
            if case .map(let map) = value { .map(map.mapValues { Fused($0, from: layer) }) } else { .leaf(value) }
    }

    /// The plain value, references unresolved.
    public var value: Value {
        switch content {
        case .leaf(let value): value
        case .map(let fields): .map(fields.mapValues(\.value))
        }
    }

    /// The value at a key below this one.
    public subscript(keys: ArraySlice<String>) -> Fused? {
        guard let key = keys.first else { return self }
        guard case .map(let fields) = content, let field = fields[key] else { return nil }
        return field[keys.dropFirst()]
    }
}

extension Fused {
    /// This value with a nearer one on top.
    func fusing(_ near: Fused, _ strategies: Strategies?) -> Fused {
        switch (content, near.content) {
        case (.map(let fields), .map(let nearer)) where !near.isCut && strategies?.here != .replace:
            var result = self
            result.content = .map(fields.fusing(nearer, strategies))
            return result
        case (.leaf(.list(let elements)), .leaf(.list(let nearer))) where !near.isCut:
            guard let joined = strategies?.here?.joining(elements, nearer) else { break }
            var result = near.over(self)
            result.content = .leaf(.list(joined))
            result.strategy = strategies?.here
            result.isCut = isCut
            return result
        default:
            break
        }
        var result = near.over(self)
        result.isCut = true
        return result
    }

    private func over(_ far: Fused) -> Fused {
        var result = self
        result.overrode = far.overrode + [Overridden(layer: far.layer, value: far.value)] + overrode
        return result
    }

    /// Removes the value at a key below this one; whether there was one.
    mutating func remove(_ keys: ArraySlice<String>) -> Bool {
        guard case .map(var fields) = content else { return false }
        content = .leaf(.null)
        defer { content = .map(fields) }
        return fields.remove(keys)
    }
}

extension Fused.Fields {
    /// These fields with nearer ones on top.
    func fusing(_ nearer: Fused.Fields, _ strategies: Strategies?) -> Fused.Fields {
        var result = self
        for (key, value) in nearer {
            if let index = result.index(forKey: key) {
                result.values[index] = result.values[index].fusing(value, strategies?[key])
            } else {
                result[key] = value
            }
        }
        return result
    }

    mutating func remove(_ keys: ArraySlice<String>) -> Bool {
        guard let key = keys.first, let index = index(forKey: key) else { return false }
        if keys.count == 1 {
            remove(at: index)
            return true
        }
        return values[index].remove(keys.dropFirst())
    }
}
