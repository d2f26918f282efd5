import Cascade
import OrderedCollections
import Testing
import Tree

@Suite("References that lead nowhere")
struct BrokenReferenceTests {
    @Test(
        "are told with the entry, the level, the key and what was meant",
        arguments: [
            ("vars.sit", "this machine has no vars.sit; did you mean vars.site?"),
            ("vars.nothing.at.all", "this machine has no vars.nothing"),
            ("var.site", "this machine has no var; did you mean vars?"),
            ("vars.site.x", "vars.site is a string, not a map"),
            ("vars.none.x", "vars.none is null, not a map"),
            ("vars.list.7", "vars.list has no element 7, but 2, counted from 0"),
            ("vars.list.-1", "vars.list has no element -1, but 2, counted from 0"),
            ("vars.list.1.b", "this machine has no vars.list.1.b"),
            ("vars.\"a.c\"", "this machine has no vars.\"a.c\"; did you mean vars.\"a.b\"?"),
            ("vars.\"a b\"", "this machine has no vars.\"a b\"; did you mean vars.\"a.b\"?"),
            ("self.nam", "expected self.name, self.path, self.folder or self.certname"),
            ("self", "expected self.name, self.path, self.folder or self.certname"),
            ("prototypes.p", "this machine has no prototypes"),
        ])
    func missing(_ target: String, _ reason: String) throws {
        let computed = try machine(
            "{prototypes: {p: {}}, vars: {site: x, none: null, list: [1, {a: 2}], a.b: 1}}",
            "vars: {y: {z: '${{ \(target) }}'}}", "{}")
        let shown = try DottedPath(target)
        #expect(computed.texts == ["/a/web: vars.y.z (from /a/common): ${{ \(shown) }} leads nowhere: \(reason)"])
    }

    @Test(
        "because they lead in a circle are told once, with the circle",
        arguments: [
            ("{a: '${{ vars.a }}'}", "vars.a", "vars.a → vars.a"),
            (
                "{a: '${{ vars.b }}', b: 'x${{ vars.c }}', c: ['${{ vars.a }}']}", "vars.c",
                "vars.a → vars.b → vars.c → vars.a"
            ),
            ("{m: {k: '${{ vars.m }}'}}", "vars.m.k", "vars.m.k → vars.m.k"),
            ("{x: '${{ vars.a }}', a: '${{ vars.b }}', b: '${{ vars.a }}'}", "vars.b", "vars.a → vars.b → vars.a"),
        ])
    func circle(_ vars: String, _ key: String, _ circle: String) throws {
        let computed = try machine("vars: \(vars)", "{}")
        #expect(computed.texts == ["/web: \(key) (from /common): references lead in a circle: \(circle)"])
    }

    @Test(
        "within text because the value has none", arguments: [("null", "null"), ("[1]", "a list"), ("{a: 1}", "a map")])
    func withinText(_ value: String, _ summary: String) throws {
        let computed = try machine("vars: {x: \(value), y: 'a${{ vars.x }}'}", "{}")
        #expect(
            computed.texts == [
                "/web: vars.y (from /common): ${{ vars.x }} is \(summary) and cannot stand within text; expected a string, a number or a boolean"
            ])
    }

    @Test("because they are not closed")
    func open() throws {
        let computed = try machine("{}", "vars: {x: '${{ vars.y'}")
        #expect(
            computed.texts == [
                "/web: vars.x: a reference is not closed; expected ${{ key }}, or $${{ where a literal ${{ is meant"
            ])
    }

    @Test("leave their key out, and what is right in")
    func leftOut() throws {
        let computed = try machine("vars: {x: '${{ no }}', l: [1, '${{ no }}'], m: {a: 1, b: '${{ no }}'}, y: 1}", "{}")
        #expect(computed.vars == ["m": ["a": 1], "y": 1])
        #expect(computed.problems.count == 3)
    }

    @Test("do not hide what else is wrong")
    func others() throws {
        let computed = try machine("{vars: {x: '${{ no }}'}, hardware: {cpus: 0}}", "{}")
        #expect(
            computed.texts == [
                "/web: vars.x (from /common): ${{ no }} leads nowhere: this machine has no no",
                "/web: hardware.cpus (from /common): expected an integer from 1 to 1024, found the integer 0",
            ])
    }

    @Test("may lead through 32 others, and no more")
    func chain() throws {
        func links(_ count: Int) -> String {
            let links = (0..<count).map { "k\($0): '${{ vars.k\($0 + 1) }}'" }.joined(separator: ", ")
            return "vars: {\(links), k\(count): end}"
        }
        #expect(try machine(links(32), "{}").vars?["k0"] == "end")
        #expect(
            try machine(links(33), "{}").texts
                == ["/web: vars.k31 (from /common): references lead through more than 32 others"].map {
                    $0.replacing("k31", with: "k31")
                })
    }

    @Test(
        "may double each other only so often",
        arguments: ["'${{ vars.kNEXT }}${{ vars.kNEXT }}'", "['${{ vars.kNEXT }}', '${{ vars.kNEXT }}']"])
    func bomb(_ pattern: String) throws {
        let links = (0..<30).map { "k\($0): \(pattern.replacing("NEXT", with: "\($0 + 1)"))" }.joined(separator: ", ")
        let computed = try machine("vars: {\(links), k30: ten letters}", "{}")
        #expect(computed.problems.map(\.message) == ["references bring in more than 1048576 bytes; expected less"])
    }

    @Test("may nest each other only so deep")
    func nesting() throws {
        let inner = String(repeating: "[", count: 20) + "'${{ vars.kNEXT }}'" + String(repeating: "]", count: 20)
        let links = (0..<10).map { "k\($0): \(inner.replacing("NEXT", with: "\($0 + 1)"))" }.joined(separator: ", ")
        let computed = try machine("vars: {\(links), k10: end}", "{}")
        #expect(computed.texts == ["/web: vars.k5 (from /common): ${{ vars.k6 }} is nested more than 64 deep"])
    }
}
