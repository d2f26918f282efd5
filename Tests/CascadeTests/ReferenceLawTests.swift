import Cascade
import OrderedCollections
import TestSupport
import Testing
import Tree

/// References against the plainest reading of them: replace, and look again.
@Suite("The laws of references")
struct ReferenceLawTests {
    @Test("what resolves is what replacing step by step gives; what does not is told")
    func oracle() throws {
        var seed = Seeded()
        var (whole, broken) = (0, 0)
        for _ in 0..<2_000 {
            let layers = try seed.layers { seed in
                [
                    "vars": .map(
                        Map(uniqueKeysWithValues: names.shuffled(using: &seed).prefix(4).map { ($0, seed.referring()) })
                    )
                ]
            }
            let computed = try compute(layers)
            let written = Map(computed.fields.map { ($0.key, $0.value.value) }) { $1 }
            do {
                let expected = try Oracle(definition: written).expanded(.map(written), steps: 60)
                #expect(.map(computed.definition) == expected, "\(seed)")
                #expect(computed.texts == [], "\(seed)")
                whole += 1
            } catch {
                #expect(!computed.problems.isEmpty, "\(seed): \(error)")
                broken += 1
            }
        }
        #expect(whole > 100 && broken > 100, "\(seed): both kinds are met, \(whole) and \(broken) times")
    }
}

private let names: [Key] = ["k0", "k1", "k2", "k3", "k4", "k5"]

extension Seeded {
    /// A value that probably holds references to others, in any way in which they can stand.
    fileprivate mutating func referring(depth: Int = 2) -> Value {
        let target = "${{ vars.\(pick(names))\(pick(["", "", "", ".m", ".1"])) }}"
        switch Int.random(in: 0..<9, using: &self) {
        case 0: return .string(target)
        case 1: return .string("<\(target)$\(target)>")
        case 2 where depth > 0: return ["m": referring(depth: depth - 1), "n": 1]
        case 3 where depth > 0: return [referring(depth: depth - 1), "x"]
        case 4: return "$${{ kept }} ${HOME}"
        case 5: return 1.5
        case 6: return .null
        default: return .integer(Int.random(in: 0..<9, using: &self))
        }
    }
}

/// Replaces references without remembering anything, and gives up after so many steps in a row.
private struct Oracle {
    struct GaveUp: Error {}

    let definition: Map

    func expanded(_ value: Value, steps: Int) throws -> Value {
        switch value {
        case .string(let text): try expanded(Reference.parts(of: text), steps: steps)
        case .list(let elements): .list(try elements.map { try expanded($0, steps: steps) })
        case .map(let map): .map(try map.mapValues { try expanded($0, steps: steps) })
        default: value
        }
    }

    private func expanded(_ parts: [Reference.Part], steps: Int) throws -> Value {
        if parts.count == 1, case .reference(let target) = parts[0] { return try found(target, steps: steps) }
        return .string(
            try parts.map { part in
                switch part {
                case .text(let text): return text
                case .reference(let key):
                    switch try found(key, steps: steps) {
                    case .string(let text): return text
                    case .integer(let number): return "\(number)"
                    case .float(let number): return "\(number)"
                    case .bool(let truth): return "\(truth)"
                    case .null, .list, .map: throw GaveUp()
                    }
                }
            }.joined())
    }

    private func found(_ key: DottedPath, steps: Int) throws -> Value {
        guard steps > 0 else { throw GaveUp() }
        var value = Value.map(definition)
        var isExpanded = false
        for name in key.keys {
            // A string on the way may be a reference to what holds the rest of the key; a list is read when it is done.
            if value.map == nil, !isExpanded {
                value = try expanded(value, steps: steps - 1)
                isExpanded = true
            }
            let members: Map =
                switch value {
                case .map(let map): map
                case .list(let list): Map(list.enumerated().map { (Key("\($0)"), $1) }) { $1 }
                default: [:]
                }
            guard let member = members[name] else { throw GaveUp() }
            value = member
        }
        return isExpanded ? value : try expanded(value, steps: steps - 1)
    }
}
