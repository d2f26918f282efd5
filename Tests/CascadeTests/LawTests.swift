import Formats
import OrderedCollections
import TestSupport
import Testing
import Tree

@testable import Cascade

/// What holds for any layers whatever.
@Suite("The laws of the cascade")
struct LawTests {
    private static let rounds = 0..<400

    @Test("an empty layer changes nothing, wherever it stands")
    func emptyLayer() throws {
        var seed = Seeded()
        for _ in LawTests.rounds {
            let layers = try seed.layers { $0.definition() }
            let before = try compute(layers)
            let place = Int.random(in: 0..<layers.count, using: &seed)
            let after = try compute(layers[..<place] + [common(.root, [:])] + layers[place...])
            #expect(after.definition == before.definition, "\(seed)")
            #expect(after.fields.trace == before.fields.trace, "\(seed)")
            #expect(after.texts == before.texts, "\(seed)")
        }
    }

    @Test("fusing is associative: values, the order of keys, and where all is from")
    func associative() throws {
        var seed = Seeded()
        let strategies = ["deep", "replace", "append", "prepend", "unique"]
        for _ in 0..<2_000 {
            let parts = try seed.layers { $0.plainDefinition() }.map { Ply($0).own }
            var merging = Strategies.standard
            merging.adopt([Key(DottedPath(keys: ["vars", seed.key()]).description): .string(seed.pick(strategies))])
            func fuse(_ parts: ArraySlice<Fused>) throws -> Fused {
                guard let only = parts.first, parts.count > 1 else { return try #require(parts.first) }
                guard parts.count > 2 else { return only.fusing(parts[parts.startIndex + 1], merging) }
                let middle = Int.random(in: parts.startIndex + 1..<parts.endIndex, using: &seed)
                return try fuse(parts[..<middle]).fusing(fuse(parts[middle...]), merging)
            }
            let one = try fuse(parts[...])
            let other = try fuse(parts[...])
            let left = parts.dropFirst().reduce(parts[0]) { $0.fusing($1, merging) }
            #expect(one.fields?.trace == left.fields?.trace, "\(seed)")
            #expect(other.fields?.trace == left.fields?.trace, "\(seed)")
            #expect(one.value == left.value, "\(seed)")
        }
    }

    @Test("computing level by level equals fusing all at once, and a plain fold of the values")
    func atOnce() throws {
        var seed = Seeded()
        for _ in LawTests.rounds {
            let layers = try seed.layers { $0.plainDefinition() }
            let computed = try compute(layers)
            let parts = layers.map { Ply($0).own }
            let right = parts.dropLast().reversed().reduce(parts[parts.count - 1]) { $1.fusing($0, .standard) }
            #expect(computed.fields.trace == right.fields?.trace, "\(seed)")
            let plain = layers.dropFirst().reduce(layers[0].definition) { naiveFusion($0, $1.definition, at: []) }
            #expect(computed.definition == plain, "\(seed)")
        }
    }

    @Test("what the schema says of layers and of what references made is what it says of the whole definition")
    func judged() throws {
        var seed = Seeded()
        var unfit = 0
        for _ in LawTests.rounds {
            let layers = try seed.layers { seed in
                var definition = seed.definition()
                for (name, key) in [("hardware", "cpus"), ("hardware", "memory"), ("limits", "cpu_shares")]
                    as [(Key, Key)]
                where seed.chance(30) {
                    let value: Value = seed.pick([2, 4, "2GiB", "x", "${{ vars.a }}", [1]])
                    definition[name] = seed.chance(90) ? [key: value] : value
                }
                return definition
            }
            let folder = layers[1..<(layers.count - 1)].reduce(Inheritance(root: layers[0])) { $0.entering($1) }
            let definition = try compute(layers).definition
            let misfits = folder.fusion.entering(Ply(layers[layers.count - 1])).misfits(in: definition)
            let whole = Schema.problems(inComputed: definition)
            #expect(
                Set(misfits.map { Problem(key: $0.key, $0.message) }) == Set(whole), "\(seed)")
            unfit += whole.count
        }
        #expect(unfit > 0)
    }

    @Test("machines of a folder, computed one after the other, are what each is by itself")
    func siblings() throws {
        var seed = Seeded()
        for _ in LawTests.rounds {
            let layers = try seed.layers { $0.definition() }
            let folder = layers[1..<(layers.count - 1)].reduce(Inheritance(root: layers[0])) { $0.entering($1) }
            var siblings = Siblings(folder)
            for name in ["one", "two", "three", "four"] {
                var definition = seed.definition()
                definition["prototype"] = seed.pick([["p", "q"], "p", "unknown", nil])
                let own = local(try folder.path.appending(name), definition)
                let (one, other) = (siblings.compute(own), folder.compute(own))
                #expect(one.definition == other.definition, "\(seed)")
                #expect(JSON.encode(one.fields.trace) == JSON.encode(other.fields.trace), "\(seed)")
                #expect(one.problems == other.problems && one.certname == other.certname, "\(seed)")
                #expect(one.removals.map(\.key) == other.removals.map(\.key), "\(seed)")
            }
        }
    }

    @Test("a key that only one layer sets keeps its value and its origin")
    func onlyOne() throws {
        var seed = Seeded()
        for _ in LawTests.rounds {
            var layers = try seed.layers { seed in
                var definition = seed.definition()
                if definition["vars"]?.map == nil { definition["vars"] = [:] }
                return definition
            }
            let place = Int.random(in: layers.indices, using: &seed)
            let value = seed.value()
            var definition = layers[place].definition
            definition["vars"] = .map(fields(definition["vars"]).merging(["only": value]) { $1 })
            layers[place] = Layer(source: layers[place].source, definition: definition)
            let computed = try compute(layers)
            // A prototype's variables may be no map, which replaces all that was there.
            guard computed.fields["vars"]?.overrode.isEmpty == true else { continue }
            #expect(computed.vars?["only"] == value, "\(seed)")
            #expect(try computed.origin("vars.only") == layers[place].source.description, "\(seed)")
        }
    }

    @Test("the same layers give the same bytes")
    func sameBytes() throws {
        var seed = Seeded()
        for _ in LawTests.rounds {
            let layers = try seed.layers { $0.definition() }
            let copies = try layers.map { layer in
                let bytes = JSON.encode(.map(layer.definition))
                return Layer(
                    source: layer.source, definition: try JSON.decode(bytes).map ?? [:], revision: layer.revision)
            }
            let (one, other) = try (compute(layers), compute(copies))
            #expect(JSON.encode(.map(one.definition)) == JSON.encode(.map(other.definition)), "\(seed)")
            #expect(JSON.encode(one.fields.trace) == JSON.encode(other.fields.trace), "\(seed)")
        }
    }

    @Test("the layer named for a value says that value, and so does each that it overrode")
    func trueProvenance() throws {
        var seed = Seeded()
        for _ in LawTests.rounds {
            let computed = try compute(try seed.layers { $0.definition() })
            for (key, field) in computed.fields.leaves {
                let said = value(at: key, in: field.layer.definition)
                if let strategy = field.strategy {
                    let elements = (field.overrode.map(\.value) + [said ?? .null]).flatMap { $0.list ?? [] }
                    #expect(strategy != .deep && strategy != .replace, "\(seed): \(key)")
                    #expect(Set(elements).isSuperset(of: field.value.list ?? ["no list"]), "\(seed): \(key)")
                } else {
                    #expect(said == field.value, "\(seed): \(key)")
                }
                for contribution in field.overrode {
                    #expect(value(at: key, in: contribution.layer.definition) == contribution.value, "\(seed): \(key)")
                }
            }
        }
    }

    @Test("a value overrode every layer that says something else at its key")
    func completeProvenance() throws {
        var seed = Seeded()
        for _ in LawTests.rounds {
            let layers = try seed.layers { $0.plainDefinition() }
            let computed = try compute(layers)
            for (key, field) in computed.fields.leaves {
                let writers = layers.filter { value(at: key, in: $0.definition) != nil || $0 === field.layer }
                let told = field.overrode.map(\.layer) + [field.layer]
                // What stood above a map that was replaced is told at that map, not at the keys in its place.
                let isReplaced = key.keys.indices.dropFirst().contains { end in
                    computed.origin(of: DottedPath(keys: Array(key.keys[..<end])))?.overrode.isEmpty == false
                }
                guard !isReplaced else { continue }
                #expect(told.map(ObjectIdentifier.init) == writers.map(ObjectIdentifier.init), "\(seed): \(key)")
            }
        }
    }
}

private func fields(_ value: Value?) -> Map { value?.map ?? [:] }

private func value(at key: DottedPath, in definition: Map) -> Value? {
    key.keys.reduce(Value.map(definition) as Value?) { value, name in
        value?.map?[name] ?? (value?.list?.contains(.string(name.text)) == true ? [:] : nil)
    }
}

/// Two definitions as one, as the design says it in four sentences: maps key by key, lists of Puppet's classes without
/// repeats, such a list with a map as names without parameters, of all else the nearer.
private func naiveFusion(_ far: Map, _ near: Map, at place: [Key]) -> Map {
    var result = far
    for (name, value) in near {
        let key = place + [name]
        result[name] =
            switch (far[name], value) {
            case (.map(let one), .map(let other)): .map(naiveFusion(one, other, at: key))
            case (.list(let one), .list(let other)) where key == ["puppet", "classes"]:
                .list(Array(OrderedSet(one + other)))
            case (.list(let one), .map(let other)) where key == ["puppet", "classes"]:
                .map(naiveFusion(named(one), other, at: key))
            case (.map(let one), .list(let other)) where key == ["puppet", "classes"]:
                .map(naiveFusion(one, named(other), at: key))
            default: value
            }
    }
    return result
}

private func named(_ names: [Value]) -> Map {
    names.reduce(into: [:]) { map, name in map[name.string ?? ""] = [:] }
}
