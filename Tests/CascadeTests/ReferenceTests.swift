import Cascade
import OrderedCollections
import Testing
import Tree

@Suite("References")
struct ReferenceTests {
    @Test(
        "alone take the value with its type",
        arguments: ["7", "1.0", "true", "null", "text", "[1, {a: 2}]", "{a: {b: 1}}"])
    func typed(_ value: String) throws {
        let computed = try machine("vars: {x: \(value), y: '${{ vars.x }}'}", "{}")
        #expect(try computed.vars == map("{x: \(value), y: \(value)}"))
        #expect(computed.problems.isEmpty)
    }

    @Test(
        "within text take its text",
        arguments: [("7", "7"), ("1.0", "1.0"), ("true", "true"), ("é🙂", "é🙂"), ("0.1", "0.1"), ("''", "")])
    func withinText(_ value: String, _ text: String) throws {
        let computed = try machine("vars: {x: \(value), y: '<${{ vars.x }}|${{ vars.x }}>'}", "{}")
        #expect(computed.vars?["y"] == .string("<\(text)|\(text)>"))
    }

    @Test("see the computed value, whatever level it came from, above or below")
    func levels() throws {
        let computed = try machine("vars: {url: 'http://${{ vars.host }}', host: root}", "vars: {host: own}")
        #expect(computed.vars == ["url": "http://own", "host": "own"])
    }

    @Test("lead through others, in any order")
    func chain() throws {
        let computed = try machine("vars: {a: '${{ vars.b }}!', b: '${{ vars.c }}?', c: '${{ vars.d }}', d: x}", "{}")
        #expect(computed.vars == ["a": "x?!", "b": "x?", "c": "x", "d": "x"])
    }

    @Test("take maps and lists with the references in them resolved")
    func maps() throws {
        let computed = try machine(
            "vars: {m: {a: '${{ vars.x }}', l: ['${{ vars.x }}']}, n: '${{ vars.m }}', x: 1}", "{}")
        #expect(computed.vars?["n"] == ["a": 1, "l": [1]])
    }

    @Test("stand within lists and the maps in them")
    func lists() throws {
        let computed = try machine(
            "vars: {l: ['${{ vars.x }}', {k: '-${{ vars.x }}-'}, [\"${{ vars.x }}\"]], x: 1}", "{}")
        #expect(computed.vars?["l"] == [1, ["k": "-1-"], [1]])
    }

    @Test("reach into lists, and into what other references bring in")
    func reachInto() throws {
        let computed = try machine(
            "vars: {l: [{a: 1}, '${{ vars.x }}'], m: '${{ vars.n }}', n: {k: {a.b: 2}}, x: 3, one: '${{ vars.l.0.a }}', two: '${{ vars.m.k.\"a.b\" }}', three: '${{ vars.l.1 }}'}",
            "{}")
        #expect(computed.texts == [])
        #expect(computed.vars?["one"] == 1)
        #expect(computed.vars?["two"] == 2)
        #expect(computed.vars?["three"] == 3)
    }

    @Test("stand for the values of typed keys")
    func typedKeys() throws {
        let computed = try machine(
            "{hardware: {cpus: '${{ vars.n }}', memory: '${{ vars.n }}GiB'}, vars: {n: 4}}", "{}")
        #expect(computed.definition["hardware"] == ["cpus": 4, "memory": "4GiB"])
        #expect(computed.problems.isEmpty)
    }

    @Test("to self name the machine and its place")
    func builtIns() throws {
        let computed = try machine(
            "{domain: lab.example}",
            "vars: {s: '${{ self.name }} ${{ self.path }} ${{ self.folder }} ${{ self.certname }}'}", "{}")
        #expect(computed.vars == ["s": "web /a/web /a web.a.lab.example"])
        #expect(try machine("{}", "vars: {f: '${{ self.folder }}'}").vars == ["f": "/"])
    }

    @Test("are written literally after a second dollar")
    func escaped() throws {
        #expect(try machine("vars: {x: '$${{ vars.y }} $$${{ z }}'}", "{}").vars == ["x": "${{ vars.y }} $${{ z }}"])
    }

    @Test(
        "leave the syntaxes of shells, Puppet and Jinja as they are",
        arguments: ["${HOME}", "$HOME", "%{facts.os.name}", "{{ item }}", "{% if x %}", "$(id)", "100 $", "#{x}"])
    func foreign(_ text: String) throws {
        #expect(
            try machine("vars: {x: '\(text)', y: '\(text) ${{ vars.z }}', z: 1}", "{}").vars == [
                "x": .string(text), "y": .string(text + " 1"), "z": 1,
            ])
    }

    @Test("are not looked for in what they bring in")
    func once() throws {
        #expect(try machine("vars: {x: '$${{ vars.z }}', y: '${{ vars.x }}'}", "{}").vars?["y"] == "${{ vars.z }}")
    }
}
