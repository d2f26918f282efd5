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
                    let place = layer["prototype"]?.string.map { ["prototypes", Tree.Key($0)] } ?? ([] as [Tree.Key])
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

extension Map {
    fileprivate mutating func insert(_ value: Value, _ keys: ArraySlice<Tree.Key>) {
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
