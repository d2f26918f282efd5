import Cascade
import OrderedCollections
import Testing
import Tree

@Suite("Prototypes")
struct PrototypeTests {
    @Test("come before the definition that names them, in the order named")
    func order() throws {
        let computed = try machine(
            "{prototypes: {p: {vars: {x: p, y: p, z: p}}, q: {vars: {x: q, y: q}}}, vars: {x: root, w: root}}",
            "{prototype: [p, q], vars: {x: own}}")
        #expect(computed.vars == ["x": "own", "w": "root", "y": "q", "z": "p"])
        #expect(try computed.origin("vars.x") == "/web over /common, /common (prototype p), /common (prototype q)")
    }

    @Test("that a folder names serve all below it, and its common is nearer than they")
    func folder() throws {
        let computed = try machine("prototypes: {p: {vars: {x: p, y: p}}}", "{prototype: p, vars: {x: folder}}", "{}")
        #expect(computed.vars == ["x": "folder", "y": "p"])
    }

    @Test("that nobody names do nothing")
    func unnamed() throws {
        #expect(try machine("prototypes: {p: {vars: {x: p}}}", "{}").definition.isEmpty)
    }

    @Test("are looked up at all levels up to and including the one that names them")
    func lookup() throws {
        let own = try machine("{}", "{prototypes: {p: {note: p}}, prototype: p}")
        #expect(own.definition == ["note": "p"])
        let below = try machine("prototype: p", "{prototypes: {p: {note: p}}}")
        #expect(
            below.texts == [
                "/web: prototype (from /common): no prototype is called \"p\"; none is defined at this level or above"
            ])
        #expect(below.definition.isEmpty)
    }

    @Test("get something from each level that defines them, the nearer winning")
    func contributions() throws {
        let computed = try machine(
            "prototypes: {p: {vars: {x: root, y: root}}}", "prototypes: {p: {vars: {y: folder, z: folder}}}",
            "prototype: p")
        #expect(computed.vars == ["x": "root", "y": "folder", "z": "folder"])
        #expect(try computed.origin("vars.y") == "/a/common (prototype p) over /common (prototype p)")
    }

    @Test("named farther away keep what they were there")
    func earlier() throws {
        let computed = try machine(
            "{prototypes: {p: {vars: {x: root}}}, prototype: p}", "prototypes: {p: {vars: {x: folder}}}", "{}")
        #expect(computed.vars == ["x": "root"])
    }

    @Test("may name others, which come before them")
    func chain() throws {
        let computed = try machine(
            "prototypes: {a: {prototype: b, vars: {x: a}}, b: {prototype: [c], vars: {x: b, y: b}}, c: {vars: {x: c, y: c, z: c}}}",
            "prototype: a")
        #expect(computed.vars == ["x": "a", "y": "b", "z": "c"])
    }

    @Test("name what the nearest level that says so lets them name")
    func nearestNames() throws {
        let computed = try machine(
            "prototypes: {p: {prototype: q}, q: {note: q}, r: {note: r}}", "prototypes: {p: {prototype: r}}",
            "prototype: p")
        #expect(computed.definition == ["note": "r"])
    }

    @Test("that two others name come once, so that they undo nothing")
    func diamond() throws {
        let computed = try machine(
            "prototypes: {base: {vars: {x: base}}, a: {prototype: base, vars: {x: a}}, b: {prototype: base, vars: {y: b}}}",
            "prototype: [a, b, a]")
        #expect(computed.vars == ["x": "a", "y": "b"])
        #expect(try computed.origin("vars.x") == "/common (prototype a) over /common (prototype base)")
    }

    @Test(
        "in a circle are told with the circle",
        arguments: [
            ("{p: {prototype: p}}", "p → p"), ("{p: {prototype: q}, q: {prototype: p}}", "p → q → p"),
            ("{p: {prototype: q}, q: {prototype: r}, r: {prototype: q}}", "q → r → q"),
        ])
    func circle(_ prototypes: String, _ circle: String) throws {
        let computed = try machine("prototypes: \(prototypes)", "prototype: p")
        #expect(computed.texts == ["/web: prototype: prototypes name each other in a circle: \(circle)"])
    }

    @Test("that are unknown are told with what was meant, or with what there is")
    func unknown() throws {
        let prototypes = "prototypes: {webserver: {}, db: {prototype: storage}}"
        #expect(
            try machine(prototypes, "prototype: websrver").texts == [
                "/web: prototype: no prototype is called \"websrver\"; did you mean \"webserver\"?"
            ])
        #expect(
            try machine(prototypes, "prototype: [x]").texts == [
                "/web: prototype: no prototype is called \"x\"; expected one of db, webserver"
            ])
        #expect(
            try machine(prototypes, "prototype: db", "{}").texts == [
                "/a/web: prototype (from /a/common): no prototype is called \"storage\", which prototype \"db\" names; expected one of db, webserver"
            ])
    }

    @Test("may name 32 others in a row")
    func longChain() throws {
        func chain(_ count: Int) -> String {
            let links = (0..<count).map { "p\($0): {prototype: p\($0 + 1)}" }.joined(separator: ", ")
            return "prototypes: {\(links), p\(count): {note: end}}"
        }
        #expect(try machine(chain(31), "prototype: p0").definition == ["note": "end"])
        #expect(
            try machine(chain(40), "prototype: p0").texts == [
                "/web: prototype: prototypes name more than 32 others in a row"
            ])
    }
}
