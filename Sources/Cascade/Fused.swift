public import OrderedCollections
public import Tree

/// A value of a fusion: what it is, the layer it came from, and what it overrode.
///
/// A class, because what nothing nearer touches is shared by all machines below, and its identity tells that it is.
public final class Fused: Sendable {
    public enum Content: Sendable {
        case leaf(Value)
        case map(Fields)
    }

    public typealias Fields = OrderedDictionary<Key, Fused>

    /// What one layer says at a key.
    public struct Contribution: Sendable {
        public let layer: Layer
        public let value: Value
    }

    public let content: Content
    /// The strategy that joined the list, if one did.
    public let strategy: Strategy?
    /// Whether a string in it has to be resolved.
    public let holdsReference: Bool
    /// The value of a leaf, taken apart at its references; nil if it holds none.
    let template: Template?
    /// The key under which this value stands, if references in it have to be resolved: it was an element of a list.
    let keyTemplate: Template?

    /// What the nearest layer says here.
    private let nearest: Contribution
    /// Whether it is all that the value is.
    private let isAsWritten: Bool
    /// What the layers before it say here, the farthest first.
    private let farther: [Contribution]
    /// How many of the farther ones, from the first, have no part in the value: it replaced theirs.
    private let replaced: Int

    /// A layer's value before it is fused with anything.
    convenience init(_ value: Value, from layer: Layer) {
        let content: Content =
            if case .map(let map) = value { .map(map.mapValues { Fused($0, from: layer) }) } else { .leaf(value) }
        self.init(content, nearest: Contribution(layer: layer, value: value), isAsWritten: true)
    }

    private init(
        _ content: Content, nearest: Contribution, isAsWritten: Bool, farther: [Contribution] = [], replaced: Int = 0,
        strategy: Strategy? = nil, keyTemplate: Template? = nil
    ) {
        self.content = content
        self.keyTemplate = keyTemplate
        self.nearest = nearest
        self.isAsWritten = isAsWritten
        self.farther = farther
        self.replaced = replaced
        self.strategy = strategy
        switch content {
        case .leaf(let value):
            template = Template(value)
            holdsReference = template != nil || keyTemplate != nil
        case .map(let fields):
            template = nil
            holdsReference = keyTemplate != nil || fields.values.contains { $0.holdsReference }
        }
    }
}

extension Fused {
    /// The plain value, references unresolved. That of a map which several layers made is put together here, with the
    /// parts that are one layer's shared.
    public var value: Value {
        switch content {
        case .leaf(let value): value
        case .map(let fields): isAsWritten ? nearest.value : .map(fields.mapValues(\.value))
        }
    }
}

extension Fused {
    /// The layer that gave the value; of a map, the first that wrote it; of a joined list, the last that added to it.
    public var layer: Layer {
        guard case .map = content, replaced < farther.count else { return nearest.layer }
        return farther[replaced].layer
    }

    /// What the value replaced or, as a list, was joined to; the farthest first.
    public var overrode: [Contribution] {
        if case .map = content { Array(farther.prefix(replaced)) } else { farther }
    }

    /// What has no part in the value, because it replaced theirs; the farthest first.
    var replacedOnes: ArraySlice<Contribution> { farther.prefix(replaced) }

    /// The parts of a joined list beside the nearest layer's; the farthest first.
    public var joined: [Contribution] { strategy == nil ? [] : Array(farther.dropFirst(replaced)) }

    /// What has a part in the value, the farthest first.
    var parts: [Contribution] { Array(farther.dropFirst(replaced)) + [nearest] }

    /// The layers that have a part in the value.
    var layers: [Layer] { parts.map(\.layer) }

    /// What the layer that gave the value says, as it was written there; of a joined list, that layer's part.
    public var written: Value { nearest.value }

    /// The fields of a map; nil for any other kind.
    var fields: Fields? {
        if case .map(let fields) = content { fields } else { nil }
    }

    /// The value at a key below this one.
    public subscript(keys: ArraySlice<Key>) -> Fused? {
        guard let key = keys.first else { return self }
        return fields?[key]?[keys.dropFirst()]
    }
}

extension Fused {
    /// This value with a nearer one on top.
    ///
    /// A nearer value that has itself replaced another replaces this one too: a map over a string over a map keeps
    /// nothing of the first, even when the upper two were fused before. So fusing is associative.
    func fusing(_ near: Fused, _ strategies: Strategies?) -> Fused {
        guard near.replaced == 0 else { return replaced(by: near) }
        switch (content, near.content) {
        case (.map(var fields), .map(let nearer)) where strategies?.here != .replace:
            // With room for the keys of a level below, which then copies the table of hashes and need not make one.
            fields.reserveCapacity(fields.count + nearer.count + 8)
            for (key, value) in nearer {
                if let index = fields.index(forKey: key) {
                    fields.values[index] = fields.values[index].fusing(value, strategies?[key])
                } else {
                    fields[key] = value
                }
            }
            return joined(by: near, .map(fields))
        case (.leaf(.list(let elements)), .leaf(.list(let nearer))):
            guard let strategy = strategies?.here, let list = strategy.joining(elements, nearer) else { break }
            return joined(by: near, .leaf(.list(list)), strategy)
        case (.map, .leaf(.list)), (.leaf(.list), .map):
            guard strategies?.joinsListsAndMaps == true, let far = keyed, let near = near.keyed else { break }
            return far.fusing(near, strategies)
        default:
            break
        }
        return replaced(by: near)
    }

    private func joined(by near: Fused, _ content: Content, _ strategy: Strategy? = nil) -> Fused {
        Fused(
            content, nearest: near.nearest, isAsWritten: false, farther: contributions(below: near),
            replaced: replaced, strategy: strategy, keyTemplate: keyTemplate ?? near.keyTemplate)
    }

    private func replaced(by near: Fused) -> Fused {
        Fused(
            near.content, nearest: near.nearest, isAsWritten: near.isAsWritten, farther: contributions(below: near),
            replaced: farther.count + 1 + near.replaced, strategy: near.strategy,
            keyTemplate: keyTemplate ?? near.keyTemplate)
    }

    /// A list of names as a map from each to an empty map; a map as it is; nil for any other value.
    var keyed: Fused? {
        guard case .leaf(let value) = content else { return self }
        guard let elements = value.list, elements.allSatisfy({ $0.string != nil }) else { return nil }
        var fields: Fields = [:]
        // A part may name what a level between took away.
        let present = Set(elements)
        for part in parts {
            for element in OrderedSet(part.value.list ?? []) where present.contains(element) {
                guard let name = element.string.map({ Key($0) }) else { continue }
                let field = Fused(
                    .map([:]), nearest: Contribution(layer: part.layer, value: .map([:])), isAsWritten: true,
                    keyTemplate: Template(.string(name.text)))
                fields[name] = fields[name]?.fusing(field, nil) ?? field
            }
        }
        return Fused(.map(fields), nearest: nearest, isAsWritten: false, farther: farther, replaced: replaced)
    }

    private func contributions(below near: Fused) -> [Contribution] {
        var contributions = farther
        contributions.reserveCapacity(farther.count + 1 + near.farther.count)
        contributions.append(nearest)
        contributions += near.farther
        return contributions
    }

    /// This list with some of its elements gone.
    func keeping(_ elements: [Value]) -> Fused {
        Fused(
            .leaf(.list(elements)), nearest: nearest, isAsWritten: false, farther: farther, replaced: replaced,
            strategy: strategy, keyTemplate: keyTemplate)
    }

    /// This value with some of its fields gone, or something in them.
    func without(_ fields: Fields) -> Fused {
        Fused(
            .map(fields), nearest: nearest, isAsWritten: false, farther: farther, replaced: replaced,
            keyTemplate: keyTemplate)
    }
}
