import OrderedCollections
import TestSupport
import Testing
import Tree

@Suite("A layer")
struct LayerTests {
    private func layer(_ definition: Map) -> Layer {
        Layer(source: Source(path: .root, isCommon: true), definition: definition)
    }

    @Test("gives back what was written: the values, their kinds and the order of the keys")
    func law() {
        var seed = Seeded()
        for _ in 0..<2_000 {
            let map = seed.definition()
            let layer = layer(map)
            #expect(layer.definition == map, "\(seed)")
            #expect(Array(layer.definition.keys) == Array(map.keys), "\(seed)")
            for (key, value) in map { #expect(layer[key] == value, "\(seed) \(key)") }
        }
    }

    @Test(
        "keeps numbers at the ends of what they can be, and texts of any length and characters",
        arguments: [
            .integer(0), .integer(23), .integer(24), .integer(255), .integer(256), .integer(65_535), .integer(65_536),
            .integer(1 << 32), .integer(.max), .integer(-1), .integer(-24), .integer(-25), .integer(.min),
            .float(0), .float(-0.0), .float(0.1), .float(1e300), .float(.leastNonzeroMagnitude), .null, true, false, [],
            [:],
            .string(""), .string("\0"), .string(String(repeating: "é", count: 40_000)), .string("e\u{301}🦫"),
            .list(Array(repeating: .null, count: 300)),
        ] as [Value])
    func extremes(_ value: Value) {
        let layer = layer(["vars": ["x": value]])
        #expect(layer.definition == ["vars": ["x": value]])
    }

    @Test("knows no key that was not written, however a value is called")
    func absent() {
        let layer = layer(["note": "vars", "vars": ["domain": "x"], "own": 1])
        for key in ["domain", "x", "", "merge"] { #expect(layer[Key(key)] == nil) }
        #expect(layer["own"] == 1)
        #expect(self.layer([:])["vars"] == nil)
    }

    @Test("knows of every reference in it, in values and in keys")
    func references() {
        #expect(!layer(["note": "$ {{ ${x} $${"]).holdsReference)
        #expect(layer(["vars": ["a": [["b": "at ${{ self.name }}"]]]]).holdsReference)
        #expect(layer(["vars": ["${{ a }}": 1]]).holdsReference)
    }
}

extension Seeded {
    /// A map of any values, with keys that the schema knows and others.
    fileprivate mutating func definition(depth: Int = 4) -> Map {
        let keys: [Key] = [
            "vars", "nics", "prototype", "domain", "a", "a key of more than fifteen bytes", "é", "0", "",
        ]
        return Map(
            keys.shuffled(using: &self).prefix(Int.random(in: 0...keys.count, using: &self)).map {
                ($0, value(depth: depth))
            }, uniquingKeysWith: { first, _ in first })
    }

    private mutating func value(depth: Int) -> Value {
        switch Int.random(in: 0..<(depth > 0 ? 9 : 7), using: &self) {
        case 0: .null
        case 1: .bool(chance(50))
        case 2: .integer(Int.random(in: -300...300, using: &self))
        case 3: .integer(Int.random(in: .min ... .max, using: &self))
        case 4: .float(Double.random(in: -1e9...1e9, using: &self))
        case 5, 6:
            .string(String(repeating: pick(["x", "ß", "🦫", "${{ a }}"]), count: Int.random(in: 0...40, using: &self)))
        case 7: .list((0..<Int.random(in: 0...30, using: &self)).map { _ in value(depth: depth - 1) })
        default: .map(definition(depth: depth - 1))
        }
    }
}
