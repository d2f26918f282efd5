import OrderedCollections
import TestSupport
import Testing
import Tree

@testable import Service

@Suite("The laws of explanations, as served")
struct ExplainLawTests {
    @Test(
        "of a random tree of a thousand machines, the explained values are the served ones, and each named level has them"
    )
    func served() async throws {
        var seed = Seeded()
        let entries = seed.entries(machines: 1_000)
        let written = Dictionary(
            uniqueKeysWithValues: entries.compactMap { entry in
                entry["path"]?.string.map { ($0, entry["definition"]) }
            })
        try await Site.with { site in
            let body: Value = ["entries": .list(entries.map { .map($0) })]
            let applied = try await site.post("/v1/apply", body)
            try #require(applied.status == 200, "\(seed): \(applied.text)")
            var checked = 0
            let machines = entries.filter { $0["kind"] == "vm" }.compactMap { $0["path"]?.string }
            for path in machines {
                let computed = try await site.get("/v1/computed\(path)")
                let explained = try await site.get("/v1/explain\(path)?as=enc")
                try #require(explained.status == 200, "\(seed): \(explained.text)")
                var definition: Map = [:]
                for value in explained["values"]?.list?.compactMap(\.map) ?? [] {
                    guard let served = value["value"], let from = value["from"]?.string else { continue }
                    let key = try DottedPath(try #require(value["key"]?.string))
                    definition.insert(served, key.keys[...])
                    guard value["strategy"] == nil else { continue }
                    let layer = try #require(explained["layers"]?.map?[from]?.map, "\(seed)")
                    let definition = written[layer["path"]?.string ?? ""] ?? nil
                    let place = layer["prototype"]?.string.map { ["prototypes", $0] } ?? []
                    let said = (place + key.keys).reduce(definition) { $0?.map?[$1] }
                    checked += 1
                    #expect(said == value["written"] ?? served, "\(seed): \(path) \(key) from \(from)")
                }
                #expect(.map(definition) == computed.json, "\(seed): \(path)")

                let certname = try #require(explained["certname"]?.string)
                let document = try await site.get("/enc/\(certname)").json
                for sight in explained["seen"]?.list?.compactMap(\.map) ?? [] {
                    guard let place = sight["place"]?.string else { continue }
                    let found = try DottedPath(place).keys.reduce(document as Value?) { $0?.map?[$1] }
                    #expect(found == sight["value"], "\(seed): \(path) \(place)")
                }
            }
            #expect(checked > 2_000, "\(seed)")
        }
    }
}

extension Seeded {
    /// A tree of folders and machines whose definitions meet at few keys.
    fileprivate mutating func entries(machines: Int) -> [Map] {
        var root = definition()
        // One may name the other, but not in a circle.
        var (outer, inner) = (definition(), definition())
        inner["prototype"] = nil
        outer["prototype"] = chance(50) ? .string("q") : nil
        root["prototypes"] = ["p": .map(outer), "q": .map(inner)]
        root["merge"] = ["vars.l": .string(pick(["append", "prepend", "unique"]))]
        var entries: [Map] = [["path": "/", "kind": "folder", "definition": .map(root)]]
        var folders = [""]
        for number in 0..<60 {
            let path = "\(pick(folders.filter { $0.count < 40 }))/f\(number)"
            folders.append(path)
            entries.append(["path": .string(path), "kind": "folder", "definition": .map(definition())])
        }
        for number in 0..<machines {
            let path = "\(pick(folders))/m\(number)"
            entries.append(["path": .string(path), "kind": "vm", "definition": .map(definition())])
        }
        return entries
    }

    private mutating func definition() -> Map {
        var vars: Map = [:]
        for name in ["a", "b", "c", "l", "m", "title", "with-dash"] where chance(25) { vars[name] = value(name) }
        var definition: Map = ["vars": .map(vars)]
        if chance(20) { definition["prototype"] = .string(pick(["p", "q"])) }
        if chance(10) { definition["unset"] = [.string("vars.\(pick(["a", "l", "m.x"]))")] }
        if chance(20) { definition["puppet"] = ["classes": .list([.string(pick(["ntp", "web"]))])] }
        return definition
    }

    private mutating func value(_ name: String) -> Value {
        switch name {
        case "l": .list([.integer(Int.random(in: 0..<5, using: &self))])
        case "m": ["x": .integer(Int.random(in: 0..<5, using: &self)), "y": .string(chance(50) ? "s" : "t")]
        case "c": .string("${{ self.name }}-${{ self.folder }}")
        default: .integer(Int.random(in: 0..<5, using: &self))
        }
    }
}

extension Map {
    fileprivate mutating func insert(_ value: Value, _ keys: ArraySlice<String>) {
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
