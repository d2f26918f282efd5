import Formats
import OrderedCollections
import Testing
import Tree

@Suite("What is written reads back as the same value")
struct RoundTripTests {
    @Test("compact and pretty JSON")
    func json() throws {
        var random = RandomValue(seed: seed, allowsNULInKeys: false)
        for turn in 0..<2000 {
            let value = random.value()
            for pretty in [false, true] {
                let bytes = JSON.encode(value, pretty: pretty)
                let back = try JSON.decode(bytes)
                #expect(same(back, value), "seed \(seed), turn \(turn): \(String(decoding: bytes, as: UTF8.self))")
            }
        }
    }

    @Test("YAML")
    func yaml() {
        var random = RandomValue(seed: seed, allowsNULInKeys: true)
        for turn in 0..<2000 {
            let value = random.value()
            let bytes = YAML.encode(value)
            let text = String(decoding: bytes, as: UTF8.self).debugDescription
            do {
                let back = try YAML.decode(bytes)
                #expect(same(back, value), "seed \(seed), turn \(turn): \(text) of \(value)")
            } catch {
                Issue.record("seed \(seed), turn \(turn): \(error): \(text) of \(value)")
            }
        }
    }

    @Test("JSON is YAML too, where it spells no pair of surrogates")
    func jsonAsYAML() throws {
        let text = Array(#"{"a": [1, 1.0, -0.0, "x\ny", null, true, {}], "b": "\u00e9"}"#.utf8)
        #expect(same(try YAML.decode(text), try JSON.decode(text)))
    }

    @Test("a key with NUL in YAML, and in no JSON that we read")
    func keyWithNUL() throws {
        let value: Value = ["a\0b": 1]
        #expect(try YAML.decode(YAML.encode(value)) == value)
        #expect(throws: FormatError.self) { try JSON.decode(JSON.encode(value)) }
    }

    /// Whether values are the same in every bit: the scalars of strings, the order of keys, the sign of a zero.
    private func same(_ one: Value, _ other: Value) -> Bool {
        switch (one, other) {
        case (.float(let one), .float(let other)): one.bitPattern == other.bitPattern
        case (.string(let one), .string(let other)): one.utf8.elementsEqual(other.utf8)
        case (.list(let one), .list(let other)):
            one.count == other.count && zip(one, other).allSatisfy { same($0, $1) }
        case (.map(let one), .map(let other)):
            one.count == other.count
                && zip(one, other).allSatisfy { $0.key.utf8.elementsEqual($1.key.utf8) && same($0.value, $1.value) }
        default: one == other
        }
    }
}
