import Cascade
import OrderedCollections
import TestSupport
import Tree

/// Random definitions over few keys, so that levels meet.
extension Seeded {
    mutating func key() -> Key { pick(["a", "\u{E9}", "e\u{301}", "a.b", ""]) }

    mutating func value(depth: Int = 3) -> Value {
        switch Int.random(in: 0..<10, using: &self) {
        case 0: .null
        case 1: .bool(chance(50))
        case 2: .float(Double(Int.random(in: 0..<4, using: &self)) / 2)
        case 3: .string(pick(["x", "\u{E9}", "e\u{301}", "${HOME}", ""]))
        case 4, 5:
            .list((0..<Int.random(in: 0...3, using: &self)).map { _ in .integer(Int.random(in: 0..<4, using: &self)) })
        case 6: .integer(Int.random(in: 0..<4, using: &self))
        default: depth == 0 ? 7 : .map(fields(depth: depth - 1))
        }
    }

    mutating func fields(depth: Int = 3) -> Map {
        var map: Map = [:]
        for _ in 0..<Int.random(in: 0...3, using: &self) { map[key()] = value(depth: depth) }
        return map
    }

    /// A definition without the cascade's own keys.
    mutating func plainDefinition() -> Map {
        var definition: Map = [:]
        if chance(90) { definition["vars"] = chance(95) ? .map(fields()) : value(depth: 0) }
        if chance(50) {
            let classes = ["ntp", "web", "db"].filter { _ in chance(50) }
            definition["puppet"] = [
                "classes": chance(70)
                    ? .list(classes.map(Value.string))
                    : .map(
                        Map(
                            uniqueKeysWithValues: classes.map { (Key($0), chance(80) ? .map(fields(depth: 1)) : .null) }
                        ))
            ]
        }
        if chance(20) { definition["note"] = value(depth: 1) }
        return definition
    }

    /// A definition that may have prototypes, name them, merge and unset.
    mutating func definition() -> Map {
        var definition = plainDefinition()
        let names = ["p", "q", "r"]
        if chance(30) {
            definition["prototypes"] = .map(Map(uniqueKeysWithValues: names.map { (Key($0), .map(plainDefinition())) }))
        }
        if chance(30) { definition["prototype"] = .list(names.filter { _ in chance(50) }.map(Value.string)) }
        if chance(30) {
            let strategy = pick(["deep", "replace", "append", "prepend", "unique"])
            definition["merge"] = [Key(DottedPath(keys: ["vars", key()]).description): .string(strategy)]
        }
        if chance(20) {
            definition["unset"] = [.string(DottedPath(keys: ["vars", key()]).description), "puppet.classes"]
        }
        return definition
    }

    /// The commons of `/`, `/a`, `/a/b` … and, last, the definition of a descriptor in the innermost folder.
    mutating func layers(_ definition: (inout Seeded) -> Map) throws -> [Layer] {
        var path = Path.root
        var layers = [common(path, definition(&self))]
        for _ in 0..<Int.random(in: 0...3, using: &self) {
            path = try path.appending("f")
            layers.append(common(path, definition(&self)))
        }
        return try layers + [local(path.appending("web"), definition(&self))]
    }
}

/// Computes the machine that the last of the layers describes, level by level.
func compute(_ layers: [Layer]) throws -> Computed {
    guard let root = layers.first, let own = layers.last else { throw Problem("no layers") }
    return layers.dropFirst().dropLast().reduce(Inheritance(root: root)) { $0.entering($1) }.compute(own)
}

extension Fused.Fields {
    /// All that is known of each value: what it is, its layer, what it overrode, how it was joined.
    var trace: Tree.Value {
        .map(
            mapValues { field in
                let overrode = field.overrode.map { Tree.Value.list([.string($0.layer.source.description), $0.value]) }
                let content: Tree.Value =
                    switch field.content {
                    case .leaf(let value): value
                    case .map(let fields): fields.trace
                    }
                return [
                    "from": .string(field.layer.source.description), "content": content, "value": field.value,
                    "overrode": .list(overrode), "strategy": field.strategy.map { .string($0.rawValue) } ?? .null,
                ]
            })
    }

    /// All values that are no maps, by key.
    var leaves: [(key: DottedPath, field: Fused)] {
        flatMap { name, field -> [(key: DottedPath, field: Fused)] in
            guard case .map(let fields) = field.content else { return [([name], field)] }
            return fields.leaves.map { (DottedPath(keys: [name] + $0.key.keys), $0.field) }
        }
    }
}
