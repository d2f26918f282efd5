import Cascade
import OrderedCollections
import TestSupport
import Testing
import Tree

/// Those who write at the nearer levels, without trust, against what a machine would be if they had only named prototypes.
@Suite("The law of trust")
struct PresumptionLawTests {
    @Test("what needs trust is what those with trust made it, or the machine is broken")
    func law() throws {
        var seed = Seeded()
        var (sound, refused) = (0, 0)
        for _ in 0..<4_000 {
            let far = Int.random(in: 1...2, using: &seed)
            var (layers, plain): ([Layer], [Layer]) = ([], [])
            var path = Path.root
            for level in 0..<4 {
                if level > 0 { path = try path.appending("f") }
                let definition = seed.level(isTrusted: level < far)
                let choices = level < far ? definition : definition.choices
                let layer = level < 3 ? common : local
                layers.append(layer(path, definition))
                plain.append(layer(path, choices))
            }
            let (machine, expected) = (try compute(layers), try compute(plain))
            guard machine.problems.isEmpty else {
                refused += machine.texts.contains { $0.contains("needs trust") } ? 1 : 0
                continue
            }
            sound += machine.definition["ansible"] == nil ? 0 : 1
            #expect(
                machine.definition["ansible"] == expected.definition["ansible"], "\(seed) \(layers.map(\.definition))")
        }
        #expect(sound > 100 && refused > 100, "\(seed): both kinds are met, \(sound) and \(refused) times")
    }
}

private let names: [Key] = ["a", "b", "c"]

extension Seeded {
    fileprivate mutating func level(isTrusted: Bool) -> Map {
        var definition = part(isTrusted: isTrusted)
        if chance(30) {
            definition["prototypes"] = .map(
                Map(uniqueKeysWithValues: ["p", "q"].map { (Key($0), .map(part(isTrusted: isTrusted))) }))
        }
        if chance(30) { definition["prototype"] = .list(["p", "q"].filter { _ in chance(50) }.map(Value.string)) }
        return definition
    }

    private mutating func part(isTrusted: Bool) -> Map {
        var definition: Map = [:]
        if chance(isTrusted ? 90 : 40) {
            definition["vars"] = .map(Map(uniqueKeysWithValues: names.filter { _ in chance(60) }.map { ($0, thing()) }))
        }
        if isTrusted, chance(60) { definition["ansible"] = .map(["user": reference(), "extra": thing()]) }
        if chance(15) { definition["merge"] = ["vars.\(pick(names))": .string(pick(["append", "replace", "unique"]))] }
        if chance(10) { definition["unset"] = [.string("vars.\(pick(names))\(pick(["", ".a"]))")] }
        return definition
    }

    private mutating func reference() -> Value { .string("${{ vars.\(pick(names))\(pick(["", "", ".a"])) }}") }

    private mutating func thing(depth: Int = 2) -> Value {
        switch Int.random(in: 0..<8, using: &self) {
        case 0, 1: reference()
        case 2 where depth > 0: ["a": thing(depth: depth - 1), "b": thing(depth: depth - 1)]
        case 3 where depth > 0: [thing(depth: depth - 1)]
        case 4: [.integer(Int.random(in: 0..<9, using: &self))]
        default: .integer(Int.random(in: 0..<1_000, using: &self))
        }
    }
}

extension Map {
    /// Which prototypes a definition names, in its own as well, and nothing else.
    fileprivate var choices: Map {
        var choices: Map = [:]
        choices["prototype"] = self["prototype"]
        choices["prototypes"] = self["prototypes"]?.map.map { .map($0.mapValues { _ in [:] }) }
        return choices
    }
}
