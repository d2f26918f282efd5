import Cascade
import OrderedCollections
import Testing
import Tree

@Suite("Fusing levels")
struct FusionTests {
    @Test("a nearer level wins over a farther one")
    func nearerWins() throws {
        let computed = try machine("vars: {x: root}", "vars: {x: folder}", "vars: {x: own}")
        #expect(computed.vars == ["x": "own"])
        #expect(try machine("vars: {x: root}", "vars: {x: folder}", "{}").vars == ["x": "folder"])
    }

    @Test("maps fuse key by key, however deep, and keep the order in which keys came")
    func deepMaps() throws {
        let computed = try machine(
            "vars: {ssh: {port: 22, keys: {ana: A}}, z: 1}", "vars: {a: 0, ssh: {root: false, keys: {eva: E}}}",
            "vars: {ssh: {port: 2222}}")
        #expect(
            computed.vars == ["ssh": ["port": 2222, "keys": ["ana": "A", "eva": "E"], "root": false], "z": 1, "a": 0])
    }

    @Test("one field of one disk can be changed alone")
    func disks() throws {
        let computed = try machine(
            "disks: {root: {size: 10GiB, bus: sata}}", "disks: {root: {size: 20GiB}, data: {size: 1TiB}}")
        #expect(computed.definition["disks"] == ["root": ["size": "20GiB", "bus": "sata"], "data": ["size": "1TiB"]])
    }

    @Test("lists and scalars are replaced whole")
    func replaced() throws {
        let computed = try machine("vars: {l: [1, 2], s: x, f: 1.0}", "vars: {l: [3], s: y, f: 1}")
        #expect(computed.vars == ["l": [3], "s": "y", "f": 1])
    }

    @Test(
        "a value of another kind replaces",
        arguments: ["{a: 1}", "[1]", "text", "7", "1.5", "true", "null", "{}", "[]"])
    func kinds(_ far: String) throws {
        for near in ["{b: 2}", "[2]", "other", "8", "2.5", "false", "null"]
        where !(far.hasPrefix("{") && near.hasPrefix("{")) {
            #expect(try machine("vars: {x: \(far)}", "vars: {x: \(near)}").vars == map("x: \(near)"))
        }
    }

    @Test("null is a value")
    func null() throws {
        #expect(try machine("vars: {proxy: http://p}", "vars: {proxy: null}").vars == ["proxy": .null])
        #expect(try machine("vars: {proxy: null}", "{}").vars == ["proxy": .null])
    }

    @Test("what a string replaced does not come back with a nearer map")
    func noReturn() throws {
        let computed = try machine("vars: {x: {a: 1}}", "vars: {x: off}", "vars: {x: {b: 2}}")
        #expect(computed.vars == ["x": ["b": 2]])
    }

    @Test("an empty map changes nothing, but is a value of its own")
    func emptyMap() throws {
        #expect(try machine("vars: {x: {a: 1}, y: 1}", "vars: {x: {}, y: {}}").vars == ["x": ["a": 1], "y": [:]])
    }

    @Test("the cascade's own keys do not appear")
    func instructions() throws {
        let computed = try machine(
            "{prototypes: {web: {note: w}}, merge: {vars.l: append}, vars: {l: [1]}}",
            "{prototype: web, unset: [vars.gone], vars: {l: [2]}}")
        #expect(computed.definition == ["vars": ["l": [1, 2]], "note": "w"])
        #expect(Array(computed.fields.keys) == ["vars", "note"])
    }

    @Test("a definition is as new as the newest of its layers")
    func revision() throws {
        #expect(try machine("{}", "{}", "{}").revision == 3)
    }
}
