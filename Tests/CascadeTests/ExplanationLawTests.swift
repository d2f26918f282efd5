import Cascade
import OrderedCollections
import TestSupport
import Testing
import Tree

/// What holds of the explanations of any machine whatever.
@Suite("The laws of explanations")
struct ExplanationLawTests {
    @Test("the explained values make exactly the served definition, and each named layer holds what it is said to hold")
    func values() throws {
        var seed = Seeded()
        for _ in 0..<600 {
            let layers = try seed.layers { $0.definition() }
            let computed = try compute(layers)
            let explanations = computed.explanations()
            var served: Map = [:]
            for explanation in explanations {
                guard let value = explanation.value else { continue }
                served.insert(value, explanation.key.keys[...])
            }
            #expect(served == computed.definition, "\(seed)")
            for explanation in explanations { try check(explanation, "\(seed): \(explanation.key)") }
        }
    }

    @Test("one key is explained as it is among all")
    func single() throws {
        var seed = Seeded()
        for _ in 0..<200 {
            let computed = try compute(try seed.layers { $0.definition() })
            for whole in computed.explanations() {
                let one = computed.explanations(of: whole.key)
                #expect(one.map(\.key) == [whole.key], "\(seed)")
                #expect(one.first?.value == whole.value, "\(seed)")
                #expect(one.first?.absence == whole.absence, "\(seed)")
                #expect(one.first?.overrode.map(\.value) == whole.overrode.map(\.value), "\(seed)")
            }
        }
    }

    @Test("what references are said to lead to is what stands in their places")
    func references() throws {
        var seed = Seeded()
        var count = 0
        for _ in 0..<1_000 {
            let layers = try seed.layers { seed in
                let names: [Key] = ["a", "b", "c", "d"]
                return ["vars": .map(Map(uniqueKeysWithValues: names.map { ($0, seed.text(of: names)) }))]
            }
            let computed = try compute(layers)
            guard computed.problems.isEmpty else { continue }
            for explanation in computed.explanations(of: ["vars"]) where !explanation.leads.isEmpty {
                let written = try #require(explanation.origin?.value.string, "\(seed)")
                let parts = try Reference.parts(of: written)
                var leads = explanation.leads[...]
                let text = parts.map { part in
                    if case .text(let text) = part { text } else { leads.popFirst()?.value?.string ?? "?" }
                }
                #expect(explanation.value == .string(text.joined()), "\(seed)")
                #expect(leads.isEmpty, "\(seed)")
                count += 1
            }
        }
        #expect(count > 100, "\(seed)")
    }

    private func check(_ explanation: Explanation, _ place: String) throws {
        for override in explanation.overrode {
            #expect(override.layer.definition.value(at: override.key) == override.value, "\(place)")
            #expect(explanation.key.keys.starts(with: override.key.keys), "\(place)")
        }
        for removal in explanation.removals {
            let unset = removal.layer.definition["unset"]?.list ?? []
            #expect(unset.contains(.string("\(removal.key)")), "\(place)")
        }
        guard let origin = explanation.origin else {
            #expect(explanation.value == nil && explanation.absence != nil, "\(place)")
            return
        }
        let said = try #require(origin.layer.definition.value(at: explanation.key), "\(place)")
        guard case .leaf(let value) = origin.content else {
            // A list of classes may have been fused with an empty map.
            #expect(said.map != nil || explanation.key == ["puppet", "classes"], "\(place)")
            return
        }
        #expect(said == origin.written, "\(place)")
        guard let strategy = origin.strategy else {
            #expect(said == value, "\(place)")
            return
        }
        let parts = (origin.joined.map(\.value) + [origin.written]).map { $0.list ?? [] }
        let whole = parts.reduce([]) { list, part in strategy == .prepend ? part + list : list + part }
        #expect(Set(value.list ?? []) == Set(whole), "\(place)")
        for part in origin.joined {
            #expect(part.layer.definition.value(at: explanation.key) == part.value, "\(place)")
        }
    }
}

extension Seeded {
    /// A text that may refer to others of the names.
    fileprivate mutating func text(of names: [Key]) -> Value {
        chance(50)
            ? .string("t\(chance(50))") : .string("<${{ vars.\(pick(names)) }}\(chance(50) ? "${{ self.name }}" : "")>")
    }
}

extension Map {
    fileprivate func value(at key: DottedPath) -> Value? {
        key.keys.reduce(Value.map(self) as Value?) { value, name in
            value?.map?[name] ?? (value?.list?.contains(.string(name.text)) == true ? [:] : nil)
        }
    }

    fileprivate mutating func insert(_ value: Value, _ keys: ArraySlice<Key>) {
        guard let key = keys.first else { return }
        guard keys.count > 1 else {
            self[key] = value
            return
        }
        var inner = self[key]?.map ?? [:]
        inner.insert(value, keys.dropFirst())
        self[key] = .map(inner)
    }
}
