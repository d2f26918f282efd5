import Cascade
import OrderedCollections
import Testing
import Tree

@Suite("A computed definition")
struct ComputedTests {
    @Test("names the machine by its path and the domain, from leaf to root")
    func certname() throws {
        #expect(try machine("domain: lab.example", "{}", "{}", "{}").certname == "web.b.a.lab.example")
        #expect(try machine("{}", "{}", "{}").certname == "web.a")
        #expect(try machine("{}", "{}").certname == "web")
    }

    @Test(
        "names the machine as it says itself",
        arguments: [
            ("certname: x.example.org", "x.example.org"), ("certname: '${{ self.name }}.x'", "web.x"),
            ("{certname: '${{ vars.n }}', vars: {n: '${{ self.name }}1'}}", "web1"),
            ("{domain: '${{ vars.site }}.example', vars: {site: madrid}}", "web.a.madrid.example"),
        ])
    func ownCertname(_ definition: String, _ name: String) throws {
        let computed = try machine("{}", definition, "{}")
        #expect(computed.certname == name)
        #expect(computed.problems.isEmpty)
    }

    @Test("lets values speak of the name that was set")
    func selfCertname() throws {
        #expect(
            try machine("vars: {motd: 'I am ${{ self.certname }}'}", "certname: x.org").vars == ["motd": "I am x.org"])
    }

    @Test("tells of a name that a deep path makes too long")
    func longName() throws {
        let label = String(repeating: "a", count: 60)
        let path = try Path("/" + Array(repeating: label, count: 5).joined(separator: "/"))
        let local = Layer(source: Source(path: path, kind: .vm))
        let problems = Inheritance(root: Layer(source: Source(path: .root, kind: .folder))).compute(local).problems
        #expect(
            problems.map(\.description) == [
                "\(path): certname: the name made of the path has 304 characters; expected at most 255: set certname"
            ])
    }

    @Test("tells of a name that speaks of itself, and falls back to the path", arguments: ["certname", "domain"])
    func circularName(_ key: String) throws {
        let computed = try machine("{}", "\(key): 'x.${{ self.certname }}'")
        #expect(computed.texts == ["/web: \(key): references lead in a circle: \(key) → \(key)"])
        #expect(computed.certname == "web")
    }

    @Test("has the layer with each value, and what it overrode with it")
    func origins() throws {
        let computed = try machine("vars: {x: 1, y: 1, m: {a: 1}}", "vars: {x: 2, m: {b: 2}}", "vars: {x: 3}")
        #expect(try computed.origin("vars.x") == "/a/web over /common, /a/common")
        #expect(try computed.origin(of: DottedPath("vars.x"))?.overrode.map(\.value) == [1, 2])
        #expect(try computed.origin("vars.y") == "/common")
        #expect(try computed.origin("vars.m") == "/common")
        #expect(try computed.origin("vars.m.b") == "/a/common")
        #expect(try computed.origin("vars.z") == nil)
        #expect(try computed.origin("vars.x.y") == nil)
        #expect(computed.origin(of: []) == nil)
    }

    @Test("has each layer's part of a joined list")
    func joinedOrigins() throws {
        let computed = try machine("{merge: {vars.l: append}, vars: {l: [1]}}", "vars: {l: [2]}", "vars: {l: [3]}")
        #expect(try computed.origin("vars.l") == "/a/web append to /common, /a/common")
        #expect(try computed.origin(of: DottedPath("vars.l"))?.overrode.map(\.value) == [[1], [2]])
    }

    @Test("has each layer's part of a map that was replaced")
    func replacedMap() throws {
        let computed = try machine("vars: {m: {a: 1}}", "vars: {m: {b: 2, a: 3}}", "vars: {m: off}")
        #expect(try computed.origin("vars.m") == "/a/web over /common, /a/common")
        #expect(try computed.origin(of: DottedPath("vars.m"))?.overrode.map(\.value) == [["a": 1], ["b": 2, "a": 3]])
    }

    @Test("has values of references as they were written in its fields")
    func unresolvedFields() throws {
        let computed = try machine("vars: {x: '${{ vars.y }}', y: 1}", "{}")
        #expect(try computed.origin(of: DottedPath("vars.x"))?.value == "${{ vars.y }}")
        #expect(computed.vars == ["x": 1, "y": 1])
    }

    @Test("tells which layer brought a value that does not fit")
    func unfit() throws {
        let inherited = try machine("{}", "{hardware: {cpus: 0}, nics: {eth0: {ipv4: [10.0.0.1, x]}}}", "{}")
        let address = "expected an IPv4 address such as 10.0.0.7 or 10.0.0.7/24, found the string \"x\""
        #expect(
            inherited.texts == [
                "/a/web: hardware.cpus (from /a/common): expected an integer from 1 to 1024, found the integer 0",
                "/a/web: nics.eth0.ipv4.1 (from /a/common): \(address)",
            ])
        let referred = try machine("hardware: {memory: '${{ vars.m }}'}", "vars: {m: [1]}", "{}")
        #expect(
            referred.texts == [
                "/a/web: hardware.memory (from /common): expected a size such as 10GiB, or a number of bytes, found a list"
            ])
        let prototype = try machine("prototypes: {p: {firmware: efi}}", "prototype: p")
        #expect(
            prototype.texts == [
                "/web: firmware (from /common (prototype p)): expected bios or uefi, found the string \"efi\""
            ])
        #expect(try machine("{}", "vars: 1").texts == ["/web: vars: expected a map, found the integer 1"])
    }

    @Test("is well again where a nearer level puts right what is wrong above")
    func putRight() throws {
        #expect(try machine("hardware: {cpus: 0}", "{}", "hardware: {cpus: 1}").problems.isEmpty)
        #expect(try machine("hardware: {cpus: 0}", "unset: [hardware.cpus]").problems.isEmpty)
        #expect(try machine("{hardware: {cpus: 0}, note: 1}", "note: x", "{}").problems.count == 1)
    }
}
