import Formats
import OrderedCollections
import Tree

/// Where tools say something else of a machine than the service does.
struct Differences {
    private(set) var lines: [String] = []
    /// How many values were compared.
    private(set) var count = 0

    /// Compares a map key by key, regardless of the keys' order.
    mutating func compare(_ tool: String, _ certname: String, _ found: Value?, _ expected: Map) {
        let found = found?.map ?? [:]
        for key in OrderedSet(expected.keys).union(found.keys) {
            count += 1
            if found[key]?.sorted != expected[key]?.sorted {
                lines.append("\(certname): \(tool): \(key): found \(text(found[key])), expected \(text(expected[key]))")
            }
        }
    }

    private func text(_ value: Value?) -> String {
        value.map { String(decoding: JSON.encode($0), as: UTF8.self) } ?? "nothing"
    }
}
