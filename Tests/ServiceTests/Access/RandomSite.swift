import Access
import HashTreeCollections
import OrderedCollections
import Store
import TestSupport
import Tree

@testable import Service

/// Trees with random `access` and random definitions, as entries and as what `/v1/apply` takes.
struct RandomSite {
    private(set) var entries: [Entry] = []

    static let names = ["bob", "eva", "ines"]

    var paths: [Path] { entries.map(\.path) }

    init(_ random: inout Seeded, size: ClosedRange<Int> = 5...16) {
        let root: Map = ["domain": "t.example", "hypervisor": "m", "hypervisors": ["m": ["driver": "memory"]]]
        entries = [
            Entry(kind: .folder, path: .root, definition: root.merging(Self.access(&random)) { $1 }, revision: 1)
        ]
        for number in 0..<Int.random(in: size, using: &random) {
            let parent = random.pick(entries.filter { $0.kind == .folder }).path
            guard parent.segments.count < 5, let path = try? parent.appending("n\(number)") else { continue }
            let definition: Map = ["vars": ["v": .integer(number), "w\(number)": "${{ self.path }}"]]
            entries.append(
                Entry(
                    kind: random.chance(60) ? .folder : .vm, path: path,
                    definition: definition.merging(Self.access(&random)) { $1 }, revision: 1))
        }
    }

    var snapshot: Snapshot { Snapshot(revision: 1, entries: entries, records: [:]) }

    /// The body of an apply.
    static func body(of entries: [Entry]) -> Value {
        let items = entries.map { entry -> Value in
            [
                "path": .string("\(entry.path)"), "kind": .string(entry.kind.rawValue),
                "definition": .map(entry.definition),
            ]
        }
        return ["entries": .list(items)]
    }

    /// A definition with nothing but an `access`, or with none.
    static func access(_ random: inout Seeded) -> Map {
        guard random.chance(50) else { return [:] }
        var access: Map = [:]
        var may: Map = [:]
        for role in Role.allCases {
            if random.chance(35) { access[role.key] = [.string(random.pick(names))] }
            if random.chance(25) {
                let rights = Right.allCases.filter { _ in random.chance(65) }
                may[role.rawValue] = .list(rights.map { .string($0.rawValue) })
            }
        }
        if !may.isEmpty { access["may"] = .map(may) }
        return ["access": .map(access)]
    }
}
