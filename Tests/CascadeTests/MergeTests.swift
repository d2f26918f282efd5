import Cascade
import OrderedCollections
import Testing
import Tree

@Suite("Merging as asked for")
struct MergeTests {
    @Test(
        "joins lists as the strategy says",
        arguments: [
            ("deep", [2, 3]), ("replace", [2, 3]), ("append", [1, 2, 2, 3]), ("prepend", [2, 3, 1, 2]),
            ("unique", [1, 2, 3]),
        ] as [(String, Value)])
    func lists(_ strategy: String, _ joined: Value) throws {
        let computed = try machine("{merge: {vars.l: \(strategy)}, vars: {l: [1, 2]}}", "vars: {l: [2, 3]}")
        #expect(computed.vars == ["l": joined])
    }

    @Test("fuses maps whatever is said of them but replace", arguments: ["deep", "append", "prepend", "unique"])
    func maps(_ strategy: String) throws {
        let computed = try machine("{merge: {vars.m: \(strategy)}, vars: {m: {a: 1}}}", "vars: {m: {b: 2}}")
        #expect(computed.vars == ["m": ["a": 1, "b": 2]])
    }

    @Test("replaces a map where that is asked for")
    func replace() throws {
        let computed = try machine("{merge: {vars.m: replace}, vars: {m: {a: 1}}}", "vars: {m: {b: 2}}")
        #expect(computed.vars == ["m": ["b": 2]])
    }

    @Test(
        "leaves values of other kinds to the nearer level",
        arguments: ["append", "prepend", "unique", "replace", "deep"])
    func otherKinds(_ strategy: String) throws {
        let computed = try machine("{merge: {vars.l: \(strategy)}, vars: {l: [1]}}", "vars: {l: x}", "vars: {l: [2]}")
        #expect(computed.vars == ["l": [2]])
    }

    @Test("holds from the level that says it downward, its own values included")
    func scope() throws {
        let computed = try machine(
            "vars: {l: [1]}", "vars: {l: [2]}", "{merge: {vars.l: append}, vars: {l: [3]}}", "vars: {l: [4]}")
        #expect(computed.vars == ["l": [2, 3, 4]])
    }

    @Test("changes again where a nearer level says otherwise")
    func change() throws {
        let computed = try machine(
            "{merge: {vars.l: append}, vars: {l: [1]}}", "vars: {l: [2]}", "{merge: {vars.l: replace}, vars: {l: [3]}}",
            "{merge: {vars.l: prepend}, vars: {l: [4]}}")
        #expect(computed.vars == ["l": [4, 3]])
    }

    @Test("reaches keys that hold dots, and keys far below")
    func dottedKeys() throws {
        let computed = try machine(
            "{merge: {'vars.\"a.b\".c': append}, vars: {a.b: {c: [1]}, a: {b: {c: [1]}}}}",
            "vars: {a.b: {c: [2]}, a: {b: {c: [2]}}}")
        #expect(computed.vars == ["a.b": ["c": [1, 2]], "a": ["b": ["c": [2]]]])
    }

    @Test("comes with a prototype too, for it and what is nearer")
    func prototypes() throws {
        let computed = try machine(
            "{prototypes: {p: {merge: {vars.l: append}, vars: {l: [2]}}}, vars: {l: [1]}}",
            "{prototype: p, vars: {l: [3]}}")
        #expect(computed.vars == ["l": [1, 2, 3]])
    }

    @Test("Puppet's classes are joined without repeats as lists, fused as maps")
    func classes() throws {
        let listed = try machine("puppet: {classes: [base, ntp]}", "puppet: {classes: [ntp, web]}")
        #expect(listed.definition["puppet"] == ["classes": ["base", "ntp", "web"]])
        let mapped = try machine("puppet: {classes: {ntp: {a: 1}}}", "puppet: {classes: {ntp: {b: 2}, web: {}}}")
        #expect(mapped.definition["puppet"] == ["classes": ["ntp": ["a": 1, "b": 2], "web": [:]]])
        let replaced = try machine(
            "puppet: {classes: [base]}", "{merge: {puppet.classes: replace}, puppet: {classes: [web]}}")
        #expect(replaced.definition["puppet"] == ["classes": ["web"]])
    }

    @Test("a class that a list names is one without parameters where another level has a map")
    func listedAndMapped() throws {
        let below = try machine(
            "puppet: {classes: [base, ntp]}", "puppet: {classes: [ntp, ssh]}",
            "puppet: {classes: {ntp: {a: 1}, web: null}}")
        #expect(
            below.definition["puppet"] == ["classes": ["base": [:], "ntp": ["a": 1], "ssh": [:], "web": .null]])
        #expect(try below.origin("puppet.classes.base") == "/common")
        #expect(try below.origin("puppet.classes.ssh") == "/a/common")
        #expect(try below.origin("puppet.classes.ntp") == "/common")
        #expect(try below.origin("puppet.classes.ntp.a") == "/a/web")
        let above = try machine(
            "puppet: {classes: {ntp: {a: 1}}}", "puppet: {classes: [web]}", "puppet: {classes: [ntp]}")
        #expect(above.definition["puppet"] == ["classes": ["ntp": ["a": 1], "web": [:]]])
        #expect(try above.origin("puppet.classes.web") == "/a/common")
    }

    @Test("a class that a list names by a reference is found by its name, beside its parameters too")
    func listedByReference() throws {
        let computed = try machine(
            "puppet: {classes: [\"profile::${{ vars.role }}\", base, \"role::${{ vars.role }}\"]}",
            "{vars: {role: web}, puppet: {classes: {profile::web: {port: 80}, ntp: {a: \"${{ vars.role }}\"}}}}")
        #expect(computed.texts == [])
        #expect(
            computed.definition["puppet"] == [
                "classes": ["profile::web": ["port": 80], "base": [:], "role::web": [:], "ntp": ["a": "web"]]
            ])
        let missing = try machine(
            "puppet: {classes: [\"${{ vars.none }}\"]}", "puppet: {classes: {ntp: {}}}")
        #expect(
            missing.texts == [
                "/web: puppet.classes (from /common): ${{ vars.none }} leads nowhere: this machine has no vars"
            ])
        let circle = try machine(
            "puppet: {classes: [\"${{ puppet.classes.ntp.a }}\"]}", "puppet: {classes: {ntp: {a: x}}}")
        #expect(circle.texts == [])
        #expect(circle.definition["puppet"] == ["classes": ["x": [:], "ntp": ["a": "x"]]])
        let whole = try machine("puppet: {classes: [\"${{ puppet.classes }}\"]}", "puppet: {classes: {ntp: {}}}")
        #expect(whole.texts.contains { $0.contains("references lead in a circle: puppet.classes → puppet.classes") })
    }

    @Test(
        "a list of classes and a map are kept apart where a level says replace or deep", arguments: ["replace", "deep"])
    func listedOrMapped(_ strategy: String) throws {
        let computed = try machine(
            "puppet: {classes: [base]}", "{merge: {puppet.classes: \(strategy)}, puppet: {classes: {web: {}}}}")
        #expect(computed.definition["puppet"] == ["classes": ["web": [:]]])
    }

    @Test("a list that names no class is told where it stands, fused with a map or not")
    func badList() throws {
        let computed = try machine("puppet: {classes: [Base]}", "puppet: {classes: {web: {}}}")
        #expect(computed.texts.count == 1)
        #expect(
            computed.texts.first?.contains("puppet.classes.0 (from /common): expected a class name") == true,
            "\(computed.texts)")
    }

    @Test("leaves no repeats that references make")
    func repeatsByReference() throws {
        let computed = try machine(
            "puppet: {classes: [ntp]}", "{vars: {time: ntp}, puppet: {classes: ['${{ vars.time }}']}}")
        #expect(computed.definition["puppet"] == ["classes": ["ntp"]])
    }

    @Test("tells integers from floats, and texts from numbers, when it looks for repeats")
    func kindsOfRepeats() throws {
        let computed = try machine("{merge: {vars.l: unique}, vars: {l: [1, '1']}}", "vars: {l: [1.0, 1, '1', true]}")
        #expect(computed.vars == ["l": [1, "1", 1.0, true]])
    }
}

@Suite("Unsetting")
struct UnsetTests {
    @Test("removes what was inherited, and only that")
    func removes() throws {
        let computed = try machine("vars: {proxy: p, dns: {a: 1, b: 2}}", "unset: [vars.proxy, vars.dns.a]")
        #expect(computed.vars == ["dns": ["b": 2]])
    }

    @Test("leaves an empty map where its last key was removed")
    func lastKey() throws {
        #expect(try machine("vars: {dns: {a: 1}}", "unset: [vars.dns.a]").vars == ["dns": [:]])
    }

    @Test("comes before what the same level sets")
    func sameLevel() throws {
        let computed = try machine("vars: {m: {a: 1}}", "{unset: [vars.m], vars: {m: {b: 2}}}")
        #expect(computed.vars == ["m": ["b": 2]])
        #expect(try computed.origin("vars.m.b") == "/web")
    }

    @Test("does not keep a nearer level from setting the key again")
    func setAgain() throws {
        let computed = try machine("vars: {x: 1}", "unset: [vars.x]", "vars: {x: 3}")
        #expect(computed.vars == ["x": 3])
        #expect(try computed.origin("vars.x") == "/a/web")
    }

    @Test("takes quoted keys")
    func quoted() throws {
        let computed = try machine("vars: {a.b: {c: 1}, a: {b: {c: 1}}}", "unset: ['vars.\"a.b\".c']")
        #expect(computed.vars == ["a.b": [:], "a": ["b": ["c": 1]]])
    }

    @Test("of what is not there does nothing", arguments: ["vars.y", "vars.x.y", "vars.l.0", "nics", "vars.x.y.z"])
    func nothing(_ key: String) throws {
        let computed = try machine("vars: {x: 1, l: [1]}", "unset: ['\(key)']")
        #expect(computed.vars == ["x": 1, "l": [1]])
        #expect(computed.removals.isEmpty)
    }

    @Test(
        "takes one of Puppet's classes away, whether levels list them or give them parameters",
        arguments: [
            ["{puppet: {classes: [a, b]}}", "{unset: [puppet.classes.a]}", "{}", "[b]"],
            ["{puppet: {classes: [a]}}", "{puppet: {classes: [b]}}", "{unset: [puppet.classes.a]}", "[b]"],
            ["{puppet: {classes: [a, b]}}", "{unset: [puppet.classes.a], puppet: {classes: [c]}}", "{}", "[b, c]"],
            ["{puppet: {classes: [a]}}", "{unset: [puppet.classes.a]}", "{}", "[]"],
            // A nearer level may name it again.
            ["{puppet: {classes: [a, b]}}", "{unset: [puppet.classes.a]}", "{puppet: {classes: [a]}}", "[b, a]"],
            // What was taken from a list does not come back with a map.
            [
                "{puppet: {classes: [a, b]}}", "{unset: [puppet.classes.a]}", "{puppet: {classes: {c: {x: 1}}}}",
                "{b: {}, c: {x: 1}}",
            ],
            ["{puppet: {classes: {a: {x: 1}, b: {}}}}", "{unset: [puppet.classes.a]}", "{}", "{b: {}}"],
            ["{puppet: {classes: [a, b]}}", "{unset: [puppet.classes.z, puppet.classes.a.x]}", "{}", "[a, b]"],
        ])
    func classes(_ levels: [String]) throws {
        let computed = try machine(levels[0], levels[1], levels[2])
        let expected = try map("{x: \(levels[3])}")["x"]
        #expect(computed.definition["puppet"]?.map?["classes"] == expected)
        #expect(computed.problems.isEmpty)
    }

    @Test("of what no level can say, as an earlier release let it be stored, does nothing and breaks nothing")
    func stored() throws {
        let text = "{unset: [varz.x, prototypes.w], merge: {prototypes.w: replace, access: append}, vars: {x: 1}}"
        let computed = try machine(
            text, "{prototypes: {w: {vars: {y: 2}}}, unset: [vars.x, hardware.cores]}", "{prototype: w}")
        #expect(computed.vars == ["y": 2])
        #expect(computed.problems.isEmpty)
    }

    @Test("goes through its keys in their order: what follows in what is gone finds nothing")
    func order() throws {
        let computed = try machine(
            "vars: {m: {a: 1, b: 2}, n: 3}", "unset: [vars.m.a, vars.m, vars.m.b, vars.n, vars.n, vars.m.a]")
        #expect(computed.vars == [:])
        #expect(computed.removals.map { "\($0.key)" } == ["vars.m.a", "vars.m", "vars.n"])
        #expect(computed.removals.map(\.removed.value) == [1, ["b": 2], 3])
    }

    @Test("is remembered with the level and what stood there")
    func removals() throws {
        let computed = try machine("vars: {x: 1}", "vars: {x: 2}", "unset: [vars.x]", "{}")
        #expect(computed.removals.map(\.key.description) == ["vars.x"])
        #expect(computed.removals.map(\.layer.source.description) == ["/a/b/common"])
        #expect(computed.removals.map(\.removed.value) == [2])
        #expect(computed.removals.map(\.removed.provenance) == ["/a/common over /common"])
    }
}
