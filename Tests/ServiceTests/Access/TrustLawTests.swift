import Access
import Cascade
import HashTreeCollections
import OrderedCollections
import TestSupport
import Testing
import Tree
import Views

@testable import Service

/// Those who write anywhere without trust, against what machines would be if they had only named prototypes.
@Suite("The law of trust, of changes")
struct TrustLawTests {
    private static let eva = Principal(name: "eva", .granted(groups: []))

    @Test("by no change of who lacks trust does a value that needs it become another one, nor code come to a tool")
    func law() throws {
        var seed = Seeded()
        var (changed, refused, chosen) = (0, 0, 0)
        for _ in 0..<500 {
            let snapshot = try seed.tree()
            let path = seed.pick(Self.places)
            let entry = try #require(snapshot.tree[path]?.entry)
            let definition = seed.change(of: entry.definition)
            let (isForced, kind) = (seed.chance(30), entry.kind)
            let trial: Trial
            do {
                trial = try Trial(snapshot, Self.eva, isForced: isForced) { _, edit throws(ServiceError) in
                    try edit.put(path, kind, definition)
                }
            } catch {
                guard case .forbidden(let detail) = error else { continue }
                refused += 1
                #expect(detail.hasPrefix("eva lacks the right \"trust\" at \(path); a superuser could grant it: "))
                continue
            }
            guard !trial.edit.changes.isEmpty else { continue }
            func after(_ definition: Map) throws -> Snapshot {
                let choices = definition.choosing(as: trial.edit.tree[path]?.entry.definition ?? [:])
                return try Trial(snapshot, Principal(name: "ana", .superuser), isForced: true) {
                    _, edit throws(ServiceError) in try edit.put(path, kind, choices)
                }.after
            }
            let old = entry.definition
            let plain = try after(old)
            // What others wrote comes to light where this entry, or a prototype in it, takes back what it said instead.
            let silent = try [old.saying([:]), old.silencingPrototypes, old.saying([:]).silencingPrototypes].map(after)
            for place in Self.places where trial.after.tree[place]?.entry.kind == .vm {
                let (machine, expected) = (try trial.after.machine(place), try plain.machine(place))
                guard machine.problems.isEmpty, expected.problems.isEmpty else { continue }
                changed += 1
                if machine.definition["ansible"] != (try snapshot.machine(place)).definition["ansible"] { chosen += 1 }
                let note: Comment = "\(path): \(entry.definition) to \(definition); \(seed)"
                #expect(machine.definition["ansible"] == expected.definition["ansible"], note)
                let code = try silent.reduce(into: expected.code) { $0.formUnion(try $1.machine(place).code) }
                #expect(machine.code.isSubset(of: code), note)
            }
        }
        #expect(changed > 50 && refused > 20 && chosen > 0, "\(seed): \(changed), \(refused), \(chosen)")
    }

    fileprivate static let places: [Path] = ["/", "/a", "/a/b", "/a/b/web", "/a/db"].compactMap { try? Path($0) }
}

extension Snapshot {
    fileprivate func machine(_ path: Path) throws -> Computed {
        let entry = try #require(tree[path]?.entry)
        return try #require(compute(entry))
    }
}

extension Computed {
    /// What Ansible and Puppet are told that they could evaluate.
    fileprivate var code: Set<String> {
        let subject = Subject(self, Facts(state: "running"))
        var code: Set<String> = []
        for (name, value) in Ansible.variables(subject) where name != "headwater" { value.collect(&code, ["(", "{{"]) }
        for (name, value) in Hiera.document(subject) where name != "headwater" { value.collect(&code, ["%{f"]) }
        return code
    }
}

extension Value {
    fileprivate func collect(_ code: inout Set<String>, _ marks: [String]) {
        switch self {
        case .string(let text): if marks.contains(where: text.contains) { code.insert(text) }
        case .list(let elements): for element in elements { element.collect(&code, marks) }
        case .map(let map):
            guard map["__ansible_unsafe"] == nil else { return }
            for inner in map.values { inner.collect(&code, marks) }
        case .null, .bool, .integer, .float: break
        }
    }
}

private let names: [Tree.Key] = ["a", "b", "c", "d"]

extension Seeded {
    /// A tree that those with trust made, in which eva may write everywhere.
    fileprivate mutating func tree() throws -> Snapshot {
        let entries = TrustLawTests.places.map { path in
            var definition = level()
            if path.isRoot {
                definition["access"] = ["managers": ["eva"]]
                definition["prototypes"] = .map(prototypes())
                definition["vars"] = .map(variables(100))
                definition["unset"] = nil
            }
            return Entry(
                kind: path.name == "web" || path.name == "db" ? .vm : .folder, path: path, definition: definition,
                revision: 1)
        }
        return Snapshot(revision: 1, entries: entries, records: [:])
    }

    private mutating func level() -> Map {
        var definition = part()
        if chance(40) { definition["prototypes"] = .map(prototypes()) }
        if chance(30) { definition["prototype"] = choice(of: ["p", "q"]) }
        return definition
    }

    private mutating func prototypes() -> Map {
        Map(uniqueKeysWithValues: ["p", "q"].map { (Tree.Key($0), .map(part())) })
    }

    private mutating func choice(of all: [String]) -> Value { .list(all.filter { _ in chance(50) }.map(Value.string)) }

    private mutating func part() -> Map {
        var definition = said()
        if chance(25) {
            var ansible: Map = ["user": reference()]
            if chance(40) { ansible["extra"] = thing(of: "") }
            if chance(30) { ansible["templates"] = true }
            definition["ansible"] = .map(ansible)
        }
        if chance(10) { definition["puppet"] = ["interpolate": true] }
        return definition
    }

    /// What may be said without trust.
    private mutating func said() -> Map {
        var definition: Map = [:]
        if chance(40) { definition["vars"] = .map(variables(30)) }
        if chance(10) {
            definition["merge"] = [Tree.Key("vars.\(pick(names))"): .string(pick(["append", "replace", "unique"]))]
        }
        if chance(10) { definition["unset"] = [.string("vars.\(pick(names))\(pick(["", ".a"]))")] }
        return definition
    }

    private mutating func variables(_ percent: Int) -> Map {
        Map(uniqueKeysWithValues: names.filter { _ in chance(percent) }.map { ($0, thing(of: $0)) })
    }

    /// A definition as somebody without trust makes it of another.
    fileprivate mutating func change(of old: Map) -> Map {
        var new = old
        for _ in 0..<Int.random(in: 1...2, using: &self) {
            switch Int.random(in: 0..<6, using: &self) {
            case 0: new["prototype"] = choice(of: ["p", "q"])
            case 1:
                guard var prototypes = new["prototypes"]?.map, let name = prototypes.keys.first else { continue }
                prototypes[name] = .map((prototypes[name]?.map ?? [:]).saying(said()))
                new["prototypes"] = .map(prototypes)
            case 2:
                var vars = new["vars"]?.map ?? [:]
                let name = pick(names)
                vars[name] = thing(of: name)
                new["vars"] = .map(vars)
            case 3:
                let vars = new["vars"]?.map ?? [:]
                new["vars"] = .map(Map(uniqueKeysWithValues: vars.reversed().map { ($0.key, $0.value) }))
            default: new = new.saying(said())
            }
        }
        return new
    }

    private mutating func reference(of name: Tree.Key = "") -> Value { .string("${{ \(target(of: name)) }}") }

    /// A variable that may stand in another one, without a circle.
    private mutating func target(of name: Tree.Key) -> String {
        "vars.\(pick(names.filter { $0 > name }))\(pick(["", "", "", "", ".a"]))"
    }

    private mutating func thing(of name: Tree.Key, depth: Int = 2) -> Value {
        switch Int.random(in: 0..<10, using: &self) {
        case 0, 1, 2: name < "d" ? reference(of: name) : 7
        case 3 where depth > 0: ["a": thing(of: name, depth: depth - 1), "b": thing(of: name, depth: depth - 1)]
        case 4 where depth > 0: [thing(of: name, depth: depth - 1)]
        case 5: .string(pick(["{", "(\(Int.random(in: 0..<99, using: &self)))", "{{ x }}", "%", "%{f}", "{f}"]))
        case 6 where name < "d":
            .string(
                "\(pick(["", "{", "%", "x "]))${{ \(target(of: name)) }}"
                    + pick(["", "{ y", "{f}", "${{ \(target(of: name)) }}"]))
        default: .integer(Int.random(in: 0..<1_000, using: &self))
        }
    }
}

extension Map {
    /// This definition with what may be said without trust replaced.
    fileprivate func saying(_ said: Map) -> Map {
        var new = self
        for key in ["vars", "merge", "unset"] as [Tree.Key] { new[key] = said[key] }
        return new
    }

    /// This definition with prototypes that say nothing which may be said without trust.
    fileprivate var silencingPrototypes: Map {
        var silent = self
        silent["prototypes"] = self["prototypes"]?.map.map { .map($0.mapValues { .map(($0.map ?? [:]).saying([:])) }) }
        return silent
    }

    /// This definition, naming the prototypes that another one names.
    fileprivate func choosing(as other: Map) -> Map {
        var choosing = self
        choosing["prototype"] = other["prototype"]
        return choosing
    }
}
