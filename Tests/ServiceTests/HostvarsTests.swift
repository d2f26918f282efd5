import Cascade
import Formats
import OrderedCollections
import TestSupport
import Testing
import Tree
import Views

@testable import Service

@Suite("Hosts' variables as JSON")
struct HostvarsTests {
    @Test(
        "are what each host's variables are by themselves, whatever was copied from the host before",
        arguments: [Ansible.Variables.all, .connection, .none])
    func same(_ which: Ansible.Variables) throws {
        var seed = Seeded()
        for _ in 0..<200 {
            var text = HostvarsText(which)
            let root = Inheritance(root: layer(.root, true, seed.hostDefinition()))
            for name in ["one", "two"] {
                let folder = try Path.root.appending(name)
                var siblings = Siblings(root.entering(layer(folder, true, seed.hostDefinition())))
                for number in 0..<4 {
                    let own = layer(try folder.appending("m\(number)"), false, seed.hostDefinition(chance: 15))
                    let subject = Subject(siblings.compute(own), Facts(state: seed.pick(["running", "stopped"])))
                    var bytes: [UInt8] = []
                    text.append(subject, to: &bytes)
                    let expected = JSON.encode(.map(Ansible.variables(subject, which)))
                    #expect(
                        String(decoding: bytes, as: UTF8.self) == String(decoding: expected, as: UTF8.self), "\(seed)")
                }
            }
        }
    }

    private func layer(_ path: Path, _ isCommon: Bool, _ definition: Map) -> Layer {
        Layer(source: Source(path: path, isCommon: isCommon), definition: definition, revision: 1)
    }
}

extension Seeded {
    /// Variables with names and values that Ansible takes, moves elsewhere, or has to be kept from running.
    fileprivate mutating func hostDefinition(chance percent: Int = 50) -> Map {
        var vars: Map = [:]
        let names = ["a", "b", "with-dash", "groups", "port", "__ansible_unsafe", "q(1)", "ansible_user", "m", "r"]
        for name in names where chance(percent) {
            vars[name] = pick([
                1, "plain", "{{ lookup('pipe', 'id') }}", ["x": 1, "y": ["(": true]], ["x": 2], [1, "#jinja2: x"],
                .null,
                "${{ self.name }}", "${{ vars.a }}",
            ])
        }
        var definition: Map = ["vars": .map(vars)]
        if chance(30) { definition["ansible"] = ["templates": .bool(chance(50)), "user": "root"] }
        if chance(30) { definition["nics"] = ["eth0": ["ipv4": ["10.0.0.7/24"]]] }
        if chance(10) { definition["vars"] = nil }
        return definition
    }
}
