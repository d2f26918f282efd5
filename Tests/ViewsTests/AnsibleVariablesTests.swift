import Cascade
import Foundation
import OrderedCollections
import Testing
import Tree

@testable import Views

@Suite("A host's Ansible variables")
struct AnsibleVariablesTests {
    @Test("are the variables and headwater")
    func variables() throws {
        let variables = Ansible.variables(try machine("/web", "{vars: {zeta: 1, Alpha: {a.b: [x]}, port: 22}}"))
        #expect(variables.keys == ["zeta", "Alpha", "port", "headwater"])
        #expect(variables["Alpha"] == ["a.b": ["x"]])
        #expect(variables.map("headwater")["other"] == nil)
    }

    @Test(
        "go under headwater.other if Ansible takes them for none, and that is said",
        arguments: ["profile::ssh::port", "with-dash", "9lives", "ñu", "", "a b"])
    func invalid(_ name: Key) throws {
        let subject = try machine("/web", "{vars: {\"\(name)\": 2}}")
        #expect(Ansible.variables(subject).keys == ["headwater"])
        #expect(Ansible.variables(subject).map("headwater")["other"] == [name: 2])
        #expect(
            Ansible.omissions(subject).map { "\($0.key): \($0.reason)" } == [
                "\(DottedPath(keys: ["vars", name])): Ansible takes only [A-Za-z_][A-Za-z0-9_]* for a variable; "
                    + "it stands under headwater.other"
            ])
    }

    @Test("are told in the documentation where Ansible gives their names a meaning of its own")
    func documentation() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/tools.md")
        let text = try String(contentsOf: page.standardizedFileURL, encoding: .utf8)
        let list = try #require(text.firstMatch(of: /meaning of its own: `([^`]+)`/))
        #expect(Set(list.1.split(whereSeparator: \.isWhitespace).map { Key(String($0)) }) == Ansible.reserved)
    }

    @Test(
        "go under headwater.other if Ansible sets them itself or needs them, and that is said",
        arguments: [
            "groups", "group_names", "inventory_hostname", "hostvars", "vars", "omit", "lookup", "query", "not",
            "none",
        ])
    func reserved(_ name: Key) throws {
        let subject = try machine("/web", "{vars: {\"\(name)\": x}}")
        #expect(Ansible.variables(subject).keys == ["headwater"])
        #expect(Ansible.variables(subject).map("headwater")["other"] == [name: "x"])
        #expect(
            Ansible.omissions(subject).map(\.reason) == [
                "Ansible gives \(name) a meaning of its own; it stands under headwater.other"
            ])
    }

    @Test("hold the connection: ansible.host, and ansible_… for the other keys of the ansible map but Headwater's own")
    func connection() throws {
        let subject = try machine(
            "/web",
            """
            ansible: {host: gate.example, user: lab, port: 2222, groups: [web], templates: false}
            nics: {eth0: {ipv4: [10.0.0.7]}}
            vars: {a: 1}
            """)
        let connection: Map = ["ansible_host": "gate.example", "ansible_user": "lab", "ansible_port": 2222]
        #expect(Ansible.variables(subject, .connection) == connection)
        #expect(Ansible.variables(subject).filter { $0.key.hasPrefix("ansible_") } == connection)
        #expect(Ansible.variables(subject, .none) == [:])
    }

    @Test(
        "reach the host at the first address known, IPv4 before IPv6, link-local ones never",
        arguments: [
            ("{eth0: {ipv4: [10.0.0.7/24]}}", "10.0.0.7"),
            ("{eth0: {ipv6: ['2001:db8::7/64']}, eth1: {ipv4: [10.0.0.8]}}", "10.0.0.8"),
            ("{eth0: {ipv4: [169.254.3.4], ipv6: ['FE80::1', '2001:db8::7/64']}}", "2001:db8::7"),
            ("{eth0: {ipv6: ['fe80::1']}}", nil), ("{}", nil),
        ] as [(String, Value?)])
    func address(_ nics: String, _ address: Value?) throws {
        let subject = try machine("/web", "{nics: \(nics)}")
        #expect(Ansible.variables(subject, .connection)["ansible_host"] == address)
    }

    @Test("reach the host at an observed address where none is defined, or where ansible.host is null")
    func observed() throws {
        let subject = try machine(
            "/web", "{ansible: {host: null}}", nics: ["eth0": Facts.NIC(ipv4: ["192.0.2.1"])])
        #expect(Ansible.variables(subject, .connection) == ["ansible_host": "192.0.2.1"])
    }

    @Test("cannot steer the connection from vars: such keys are refused when written")
    func hijack() throws {
        let problems = try machine("/web", "{vars: {ansible_connection: local}}").computed.problems
        #expect(
            problems.map(\.message) == [
                "variables that steer Ansible's connection have a place of their own; expected ansible.connection"
            ])
    }

    @Test(
        "send what could be a template, or an expression that calls something, as a string that is neither",
        arguments: [
            "{{ a }}", "{% if true %}", "a {# b", "{{", "{{\u{301}x}}", "lookup('pipe', 'id') == 'x'", "a (b",
            "#jinja2: variable_start_string:'[%'\\n[% a %]",
        ])
    func template(_ text: String) throws {
        let unsafe: Value = ["__ansible_unsafe": try #require(yaml("a: \"\(text)\"")["a"])]
        let subject = try machine(
            "/web", "{ansible: {user: \"\(text)\"}, vars: {a: \"\(text)\", b: [{c: \"\(text)\"}], d-e: \"\(text)\"}}")
        let variables = Ansible.variables(subject)
        #expect(variables["a"] == unsafe)
        #expect(variables["b"] == [["c": unsafe]])
        #expect(variables["ansible_user"] == unsafe)
        #expect(variables.map("headwater")["other"] == ["d-e": unsafe])
    }

    @Test(
        "send text that could be neither as it is",
        arguments: ["{ {", "a } b)", "%}", "{", "ñ", "$${ x }", " #jinja2:", "a == b"])
    func plain(_ text: String) throws {
        let subject = try machine("/web", "{vars: {a: \"\(text)\"}}")
        #expect(Ansible.variables(subject)["a"] == .string(text))
    }

    @Test("let templates through where ansible.templates says so")
    func templates() throws {
        let subject = try machine("/web", "{ansible: {templates: true}, vars: {a: ['{{ b }}']}}")
        #expect(Ansible.variables(subject)["a"] == ["{{ b }}"])
    }

    @Test(
        "have no key that could be code, for releases before 2.19 would run it, and that is said",
        arguments: ["{{ a }}", "{% a %}", "{# a #}", "lookup('pipe', 'id')", "#jinja2: a"])
    func codeAsKey(_ key: Key) throws {
        let definition = "{vars: {\"\(key)\": 1, a: [{\"\(key)\": 2, kept: 3}]}"
        let subject = try machine("/web", definition + "}")
        #expect(Ansible.variables(subject)["a"] == [["kept": 3]])
        #expect(Ansible.variables(subject).map("headwater")["other"] == [:])
        let reason = "left out: Ansible before 2.19 could run it as code, being a key it cannot be marked as text"
        #expect(
            Ansible.omissions(subject).map { "\($0.key): \($0.reason)" } == [
                "\(DottedPath(keys: ["vars", key])): \(reason)",
                "\(DottedPath(keys: ["vars", "a", "0", key])): \(reason)",
            ])
        let trusted = try machine("/web", definition + ", ansible: {templates: true}}")
        #expect(Ansible.variables(trusted)["a"] == [[key: 2, "kept": 3]])
    }

    @Test(
        "have no key that Ansible decodes the map around it by, at any depth, templates or not, and that is said",
        arguments: ["__ansible_unsafe", "__ansible_vault", "__ansible_type"], ["true", "false"])
    func markers(_ key: String, _ templates: String) throws {
        let subject = try machine(
            "/web",
            """
            ansible: {templates: \(templates), become: {\(key): 1}}
            nics: {\(key): {}, eth0: {}}
            vars: {\(key): 1, a: [{\(key): x, kept: 2}], b-c: {\(key): 3}}
            """)
        let variables = Ansible.variables(subject)
        #expect(variables.keys == ["a", "ansible_become", "headwater"])
        #expect(variables["a"] == [["kept": 2]])
        #expect(variables["ansible_become"] == [:])
        #expect(variables.map("headwater")["other"] == ["b-c": [:]])
        #expect(variables.map("headwater").map("nics").keys == ["eth0"])
        #expect(
            Ansible.omissions(subject).map { "\($0.key): \($0.reason)" }.sorted() == [
                "ansible.become.\(key): left out: Ansible would decode the map that holds it",
                "nics.\(key): left out: Ansible would decode the map that holds it",
                "vars.\(key): left out: Ansible would decode the map that holds it",
                "vars.a.0.\(key): left out: Ansible would decode the map that holds it",
                "vars.b-c.\(key): left out: Ansible would decode the map that holds it",
                "vars.b-c: Ansible takes only [A-Za-z_][A-Za-z0-9_]* for a variable; it stands under headwater.other",
            ])
    }
}
