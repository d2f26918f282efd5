import Formats
import OrderedCollections
import TestSupport
import Testing
import Tree

@Suite("Values, keys and paths are equal exactly if their bytes are")
struct EqualityTests {
    @Test("random values: the JSON that they are written as decides, in every comparison")
    func oracle() throws {
        var (seed, equal) = (Seeded(), 0)
        for _ in 0..<4_000 {
            let (one, other) = (seed.alike(), seed.alike())
            let areEqual = JSON.encode(.map(one)) == JSON.encode(.map(other))
            equal += areEqual ? 1 : 0
            let said = "\(seed): \(one) and \(other)"
            #expect((one == other) == areEqual, "\(said)")
            #expect(Set([Value.map(one), .map(other)]).count == (areEqual ? 1 : 2), "\(said)")
            #expect(layer(one).says(theSameAs: layer(other)) == areEqual, "\(said)")
            #expect(layer(one).definition == one, "\(said)")
            #expect(
                Difference.between(.map(one), .map(other), orderFrom: 0).isEmpty == areEqual, "\(said)")
            for merge in [Merge(base: one, theirs: one, ours: other), Merge(base: one, theirs: other, ours: one)] {
                #expect(JSON.encode(.map(merge.definition)) == JSON.encode(.map(other)), "\(said)")
                #expect(merge.conflicts.isEmpty, "\(said)")
            }
            #expect(try JSON.decode(JSON.encode(.map(one))) == .map(one), "\(said)")
            #expect(try YAML.decode(YAML.encode(.map(one))) == .map(one), "\(said)")
        }
        #expect((50...3_800).contains(equal), "\(seed): the generator makes \(equal) equal pairs")
    }

    @Test(
        "forms of one text are two keys",
        arguments: [("\u{E9}", "e\u{301}"), ("K", "\u{212A}"), (";", "\u{37E}"), ("\u{1E69}", "s\u{307}\u{323}")])
    func forms(_ one: Key, _ other: Key) throws {
        #expect(one.text == other.text, "Unicode takes them for the same")
        #expect(one != other && (one < other) != (other < one))
        #expect(Set([one, other]).count == 2)
        let map: Map = [one: 1, other: 2]
        #expect(map[one] == 1 && map[other] == 2)
        #expect(DottedPath(keys: ["vars", one]) != DottedPath(keys: ["vars", other]))
        #expect(try JSON.decode(Array("{\"\(one)\": 1, \"\(other)\": 2}".utf8)) == .map(map))
        #expect(try YAML.decode(Array("\"\(one)\": 1\n\"\(other)\": 2\n".utf8)) == .map(map))
        for text in ["{\"\(one)\": 1, \"\(one)\": 2}", "{\"\(other)\": 1, \"\(one)\": 0, \"\(other)\": 2}"] {
            let json = #expect(throws: FormatError.self) { try JSON.decode(Array(text.utf8)) }
            let yaml = #expect(throws: FormatError.self) { try YAML.decode(Array(text.utf8)) }
            #expect(json?.message.contains("given twice") == true && yaml?.message.contains("given twice") == true)
        }
    }

    @Test("keys sort by their bytes, and have the prefixes that their bytes have")
    func order() {
        let keys: [Key] = ["z", "\u{E9}", "e\u{301}", "a_\u{301}", "a_"]
        #expect(keys.sorted() == ["a_", "a_\u{301}", "e\u{301}", "z", "\u{E9}"])
        #expect(Key("ansible_\u{301}x").hasPrefix("ansible_"))
        #expect(!Key("\u{E9}").hasPrefix("e"))
    }

    @Test("long texts differ wherever their bytes do")
    func long() {
        let text = Array(repeating: UInt8(ascii: "a"), count: 41)
        for length in 0...41 {
            let prefix = String(decoding: text.prefix(length), as: UTF8.self)
            #expect(Key(prefix) == Key(String(decoding: text.prefix(length), as: UTF8.self)))
            for place in 0..<length {
                var other = text.prefix(length)
                other[place] = UInt8(ascii: "b")
                #expect(Value.string(prefix) != .string(String(decoding: other, as: UTF8.self)), "\(length), \(place)")
            }
            #expect(Key(prefix) != Key(prefix + "a"))
        }
    }

    private func layer(_ definition: Map) -> Layer {
        Layer(source: Source(path: .root, isCommon: true), definition: ["vars": .map(definition)])
    }
}

extension Layer {
    fileprivate var definition: Map { self["vars"]?.map ?? [:] }
}

extension Seeded {
    /// A map of few keys and values, which another one equals now and then, and often in all but its bytes.
    fileprivate mutating func alike() -> Map {
        let keys: [Key] = chance(70) ? ["\u{E9}"] : ["\u{E9}", "e\u{301}", "K", "\u{212A}"].shuffled(using: &self)
        return Map(uniqueKeysWithValues: keys.prefix(Int.random(in: 1...2, using: &self)).map { ($0, value(depth: 2)) })
    }

    private mutating func value(depth: Int) -> Value {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &self) {
        case 0: pick([0, 1, .float(0), .float(-0.0), .float(1)])
        case 1, 2, 3: pick(["\u{E9}", "e\u{301}"])
        case 4: pick(["1", "1.0", "true", true, .null, "null", ""])
        case 5: .list((0..<Int.random(in: 0...1, using: &self)).map { _ in value(depth: depth - 1) })
        default: pick([["a": 1, "b": 1], ["b": 1, "a": 1], ["a": 1], [:]])
        }
    }
}
