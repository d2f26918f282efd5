import OrderedCollections
import TestSupport
import Testing
import Tree

@testable import Cascade

@Suite("An exemplar")
struct ExemplarTests {
    @Test("stands in only for machines that are as sound, named alike and placed alike")
    func law() throws {
        var seed = Seeded()
        var (found, broken, own) = (0, 0, 0)
        for _ in 0..<1_500 {
            let folder = try folder(seed.commons())
            var siblings = Siblings(folder)
            for name in ["one", "two", "a-third"] {
                let layer = try local(folder.path.appending(name), seed.telling(isMachine: true))
                let computed = folder.compute(layer)
                guard let exemplar = siblings.exemplar(for: layer, sharing: ["hypervisor"]) else {
                    if computed.problems.isEmpty { own += 1 } else { broken += 1 }
                    continue
                }
                found += 1
                #expect(computed.texts == [], "\(seed)")
                #expect(computed.ending == exemplar.computed.ending, "\(seed)")
                #expect(computed.definition["hypervisor"] == exemplar.computed.definition["hypervisor"], "\(seed)")
            }
        }
        #expect(found > 500 && broken > 100 && own > 100, "\(seed): \(found), \(broken) and \(own) times")
    }

    @Test(
        "stands in for a machine that writes what no reference has to do with, and for no other",
        arguments: [
            ("{vars: {new: 1}, nics: {eth0: {ipv4: [10.0.0.1]}}, note: x}", true),
            ("{vars: {port: 1}}", false), ("{vars: {url: none}}", false), ("{vars: {site: {name: north}}}", false),
            ("{vars: {other: \"${{ vars.port }}\"}}", false), ("{vars: {other: \"${{ vars.nothing }}\"}}", false),
            ("{hardware: {cpus: 2}}", false), ("{limits: {cpu_shares: 2}}", true),
            ("{hypervisor: other}", false), ("{certname: web.example}", false), ("{domain: lab.example}", false),
            ("{unset: [vars.port]}", false), ("{merge: {vars: replace}}", false), ("{prototypes: {web: {}}}", false),
            ("{access: {users: [ana]}}", true), ("{prototype: web}", true), ("{prototype: unknown}", false),
            ("{colour: red}", false),
        ])
    func writes(definition: String, isFound: Bool) throws {
        let folder = try folder([
            map(
                """
                hypervisor: lab
                hardware: {memory: 2GiB, cpus: 1}
                vars: {port: 80, site: {name: south}, url: "${{ self.name }}:${{ vars.port }}", at: "${{ vars.site.name }}"}
                prototypes: {web: {vars: {memory: "${{ hardware.memory }}"}}}
                prototype: web
                merge: {hardware: replace}
                """)
        ])
        var siblings = Siblings(folder)
        let layer = try local(folder.path.appending("web"), map(definition))
        let exemplar = siblings.exemplar(for: layer, sharing: ["hypervisor"])
        #expect((exemplar != nil) == isFound)
    }

    @Test(
        "is there only where a machine's path cannot make it broken",
        arguments: [
            ("{vars: {fqdn: \"${{ self.certname }}\"}}", true),
            ("{ansible: {groups: [\"${{ self.name }}\"]}}", false),
            ("{certname: \"${{ self.name }}.example\"}", false), ("{certname: all.example}", false),
            ("{vars: {x: \"${{ vars.nothing }}\"}}", false),
            // What is brought in grows with the name.
            (weighty(repeats: 5, self: "${{ self.certname }}"), true),
            (weighty(repeats: 12, self: "${{ self.certname }}"), false),
        ])
    func paths(common: String, isFound: Bool) throws {
        let folder = try folder([map(common)])
        var siblings = Siblings(folder)
        let layer = try local(folder.path.appending("w"), [:])
        let exemplar = siblings.exemplar(for: layer, sharing: [])
        #expect((exemplar != nil) == isFound)
    }

    @Test("stands in for no machine whose name made of the path is too long")
    func long() throws {
        let label = String(repeating: "x", count: 63)
        var (path, folder) = (Path.root, Inheritance(root: common(.root, ["domain": "lab.example"])))
        for _ in 0..<3 {
            path = try path.appending(label)
            folder = folder.entering(common(path, [:]))
        }
        // Three labels with their dots, and the domain with its own, are 204 characters.
        var siblings = Siblings(folder)
        let found = try ["w", String(label.dropLast(12)), String(label.dropLast(11))].map { name in
            siblings.exemplar(for: try local(path.appending(name), [:]), sharing: []) != nil
        }
        #expect(found == [true, true, false])
    }

    /// Variables of which each doubles the one before.
    private static func weighty(repeats: Int, self text: String) -> String {
        let doubles = (1...repeats).map { "v\($0): \"${{ vars.v\($0 - 1) }}${{ vars.v\($0 - 1) }}\"" }
        return "{vars: {v0: \"\(text)\", \(doubles.joined(separator: ", "))}}"
    }

    private func folder(_ definitions: [Map]) throws -> Inheritance {
        var path = Path.root
        var folder = Inheritance(root: common(path, definitions.first ?? [:]))
        for definition in definitions.dropFirst() {
            path = try path.appending("f")
            folder = folder.entering(common(path, definition))
        }
        return folder
    }
}

extension Computed {
    /// What the certname has beside the labels of the path; the whole of one that does not begin with them.
    fileprivate var ending: String {
        certname.hasPrefix(path.hostname) ? String(certname.dropFirst(path.hostname.count)) : certname
    }
}

extension Seeded {
    fileprivate mutating func commons() -> [Map] {
        (0..<Int.random(in: 1...3, using: &self)).map { _ in telling(isMachine: false) }
    }

    /// A definition that may say all that a machine's name and soundness hang on.
    fileprivate mutating func telling(isMachine: Bool) -> Map {
        var vars: Map = [:]
        for name in ["a", "b", "c", "d"] where chance(40) { vars[name] = telling(isMachine: isMachine) }
        var definition: Map = vars.isEmpty ? [:] : ["vars": .map(vars)]
        if chance(25) { definition["hardware"] = chance(50) ? ["cpus": 2] : ["memory": "2GiB", "cpus": 4] }
        if chance(15) { definition["hypervisor"] = .string(pick(["lab", "test"])) }
        if chance(15) { definition["prototype"] = .string(pick(["p", "q"])) }
        if chance(10) { definition["domain"] = .string(pick(["lab.example", "${{ vars.a }}.example"])) }
        if chance(4) { definition["certname"] = .string(pick(["own.example", "${{ self.name }}.example"])) }
        if chance(8) { definition["unset"] = [.string(pick(["vars.a", "vars", "hardware.memory"]))] }
        if chance(8) { definition["merge"] = .map([pick(["vars", "vars.b", "hardware"]): "replace"]) }
        if !isMachine, chance(50) {
            definition["prototypes"] = [
                "p": ["vars": ["a": telling(isMachine: false)]], "q": ["hardware": ["cpus": 8]],
            ]
        }
        return definition
    }

    private mutating func telling(isMachine: Bool) -> Value {
        switch Int.random(in: 0..<(isMachine ? 14 : 8), using: &self) {
        case 0: .string("${{ vars.\(pick(["a", "b", "c", "d"])) }}")
        case 1: .string("${{ hardware.memory }} of ${{ self.name }}")
        case 2: ["x": .integer(1), "y": .string("${{ \(pick(["vars.c.x", "hardware", "self.certname"])) }}")]
        case 3: ["x": 2]
        default: .integer(Int.random(in: 0..<5, using: &self))
        }
    }
}
