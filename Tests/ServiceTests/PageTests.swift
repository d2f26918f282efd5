import Cascade
import Formats
import HashTreeCollections
import OrderedCollections
import TestSupport
import Testing
import Tree
import Views

@testable import Service

@Suite("A page of an inventory")
struct PageTests {
    @Test(
        "has of each host the variables that it has by itself", arguments: [Ansible.Variables.all, .connection, .none])
    func same(_ which: Ansible.Variables) throws {
        var seed = Seeded()
        for _ in 0..<300 {
            let snapshot = try Snapshot(folders: seed.folders(), machines: seed.machines())
            let batch = try snapshot.batch
            let lines = batch.map { _, computed in
                let variables = Ansible.variables(Subject(computed, Facts(state: "provisioned")), which)
                return computed.problems.isEmpty ? "\"\(computed.certname)\": \(Value.map(variables).jsonText)\n" : ""
            }
            let text = try snapshot.page(which).text
            #expect(text == lines.joined(), "\(seed)")
        }
    }

    @Test("that is renewed is what would be made anew, to its digest")
    func renewed() throws {
        var seed = Seeded()
        var count = 0
        for _ in 0..<2000 {
            let folders = seed.folders()
            let before = try Snapshot(folders: folders, machines: seed.machines())
            let after = try before.changing(folders.map { seed.chance(40) ? seed.changed($0) : nil })
            guard let renewed = try before.page(.all).renewed(in: after) else { continue }
            count += 1
            let anew = try after.page(.all)
            #expect(renewed.text == anew.text, "\(seed)")
            #expect(renewed.digest == anew.digest, "\(seed)")
        }
        #expect(count > 100, "\(seed)")
    }

    @Test("is renewed where variables change above that its hosts take as they are")
    func whenRenewed() throws {
        let root: Map = ["vars": ["a": 1, "b": "x", "url": "http://${{ vars.b }}/"], "puppet": ["classes": ["c"]]]
        func isRenewed(_ vars: Value, beside change: Map = [:], own: Map = [:]) throws -> Bool {
            let folders: [Map] = [root, [:], ["vars": ["c": 3]]]
            let before = try Snapshot(folders: folders, machines: [own, ["vars": ["d": 4]]])
            var changed = root
            changed["vars"] = vars
            changed.merge(change) { _, new in new }
            return try before.page(.all).renewed(in: before.changing([changed, nil, nil])) != nil
        }
        let changed: Value = ["a": 2, "b": "x", "url": "http://${{ vars.b }}/"]
        #expect(try isRenewed(changed))
        #expect(try !isRenewed(changed, own: ["vars": ["a": 5]]), "a host has it otherwise")
        #expect(try !isRenewed(changed, own: ["unset": ["vars.a"]]), "a host does not have it")
        #expect(try !isRenewed(changed, own: ["note": "${{ vars.a }}"]), "a host refers to it")
        #expect(try !isRenewed(changed, beside: ["note": "n"]), "another key")
        #expect(try !isRenewed(changed, beside: ["puppet": ["classes": ["d"]]]), "more than variables")
        #expect(try !isRenewed(["a": 1, "b": "y", "url": "http://${{ vars.b }}/"]), "a reference leads to it")
        #expect(try !isRenewed(["a": 1, "b": "x", "url": "http://${{ vars.c }}/"]), "it holds a reference")
        #expect(try !isRenewed(["b": "x", "a": 2, "url": "http://${{ vars.b }}/"]), "another order")
    }

    @Test("is made of other machines once more is known of one of them, and not once it is of one elsewhere")
    func records() throws {
        let before = try Snapshot(folders: [[:], [:], [:]], machines: [[:], [:]])
        let batch = try before.batch
        let sources = Page.Sources(.all, batch, in: before)
        func knowing(_ id: EntryID) -> Page.Sources {
            Page.Sources(.all, batch, in: before.knowing([id: Record(silence: "it does not answer")]))
        }
        let elsewhere = knowing(.random())
        #expect(elsewhere.areSame(as: sources) && sources.areSame(as: elsewhere))
        let here = knowing(try #require(batch.entries.last).id)
        #expect(!here.areSame(as: sources) && !sources.areSame(as: here))
        #expect(try before.page(.all).renewed(from: here, Changes(), isTarget: { _ in false }) == nil)
    }

    @Test("tells texts apart that are the same but for the spelling of an é")
    func spelling() throws {
        let composed = try Snapshot(folders: [["vars": ["a": "\u{E9}"]], [:], [:]], machines: [[:]])
        let decomposed = try composed.changing([["vars": ["a": "e\u{301}"]], nil, nil])
        let renewed = try #require(try composed.page(.all).renewed(in: decomposed))
        #expect(try Array(renewed.text.utf8) == Array(decomposed.page(.all).text.utf8))
    }
}

/// Three folders, one in the other, and machines in the innermost.
extension Snapshot {
    private static let folders = ["/", "/one", "/one/two"]

    fileprivate convenience init(folders: [Map], machines: [Map]) throws {
        var entries: [Entry] = []
        for (path, definition) in zip(Snapshot.folders, folders) {
            entries.append(Entry(kind: .folder, path: try Path(path), definition: definition, revision: 1))
        }
        for (number, definition) in machines.enumerated() {
            let path = try Path("/one/two/m\(number)")
            entries.append(Entry(kind: .vm, path: path, definition: definition, revision: 2 + number % 2))
        }
        self.init(revision: 4, entries: entries, records: [:])
    }

    /// The same with other definitions of folders, and the very same of the rest.
    fileprivate func changing(_ definitions: [Map?]) throws -> Snapshot {
        var entries: [Entry] = []
        tree.root.walk { entries.append($0.entry) }
        for (place, definition) in definitions.enumerated() {
            guard let definition else { continue }
            let old = entries[place]
            entries[place] = Entry(id: old.id, kind: .folder, path: old.path, definition: definition, revision: 5)
        }
        return Snapshot(revision: 5, entries: entries, records: [:])
    }

    fileprivate var batch: Batch {
        get throws { try #require(tree.batches(below: try Path("/one/two"), inheritances).first) }
    }

    fileprivate func sources(_ which: Ansible.Variables) throws -> Page.Sources {
        Page.Sources(which, try batch, in: self)
    }

    fileprivate func page(_ which: Ansible.Variables) throws -> Page {
        try batch.page(sources(which), in: self)
    }
}

extension Page {
    fileprivate func renewed(in snapshot: Snapshot) throws -> Page? {
        renewed(from: try snapshot.sources(.all), Changes(), isTarget: snapshot.index.isTarget)
    }

    fileprivate var text: String {
        let frame = Frame(before: "", between: ": ", after: "\n")
        var bytes: [UInt8] = []
        forEachPiece(in: frame) { bytes += $0 }
        #expect(bytes.count == count(in: frame))
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Seeded {
    fileprivate mutating func folders() -> [Map] { [definition(), definition(chance: 25), definition(chance: 25)] }

    /// The definitions of a few machines, half of which say nothing.
    fileprivate mutating func machines() -> [Map] { (0..<4).map { _ in chance(50) ? [:] : definition(chance: 15) } }

    /// The definition with another value of a variable or two, or with something else changed.
    fileprivate mutating func changed(_ definition: Map) -> Map {
        guard chance(80), case .map(var vars)? = definition["vars"], !vars.isEmpty else { return self.definition() }
        for name in [pick(Array(vars.keys)), pick(Array(vars.keys))] { vars[name] = value() }
        var changed = definition
        changed["vars"] = .map(vars)
        return changed
    }

    /// Variables with names and values that Ansible takes, moves elsewhere, or has to be kept from running.
    fileprivate mutating func definition(chance percent: Int = 50) -> Map {
        var vars: Map = [:]
        let names = ["a", "b", "with-dash", "groups", "port", "__ansible_unsafe", "q(1)", "ansible_user", "m", "r"]
        for name in names + ["headwater"] where chance(name == "headwater" ? 3 : percent) { vars[name] = value() }
        var definition: Map = ["vars": .map(vars)]
        if chance(percent / 4) { definition["ansible"] = ["templates": .bool(chance(50)), "user": "root"] }
        if chance(percent / 4) { definition["nics"] = ["eth0": ["ipv4": ["10.0.0.7/24"]]] }
        if chance(percent / 4) { definition["unset"] = [.string("vars.\(pick(names.filter { $0 != "q(1)" }))")] }
        if chance(percent / 8) { definition["merge"] = ["vars.m": "replace", "vars.r": "append"] }
        if chance(percent / 8) { definition["vars"] = nil }
        return definition
    }

    private mutating func value() -> Value {
        pick([
            1, 2, 3, "plain", "other", "{{ lookup('pipe', 'id') }}", ["x": 1, "y": ["(": true]], ["x": 2],
            [1, "#jinja2: x"], [2], .null, "${{ self.name }}", "${{ vars.a }}",
        ])
    }
}
