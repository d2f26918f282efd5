import Cascade
import OrderedCollections
import Testing
import Tree

@Suite("What a key that needs trust refers to")
struct PresumptionTests {
    @Test(
        "comes from the level that refers, or from farther ones",
        arguments: [
            ["{vars: {x: far}, ansible: {user: '${{ vars.x }}'}}", "{}", "{}"],
            ["{vars: {x: far}}", "{ansible: {user: '${{ vars.x }}'}}", "{vars: {y: near}}"],
            ["{ansible: {user: '${{ vars.x }}'}, vars: {x: '${{ vars.y }}', y: far}}", "{}", "{vars: {z: near}}"],
            // A prototype is of the level that defines it, whoever names it.
            ["{prototypes: {p: {vars: {x: far}, ansible: {user: '${{ vars.x }}'}}}}", "{}", "{prototype: p}"],
            [
                "{ansible: {user: '${{ vars.x }}'}, vars: {x: a}, prototypes: {p: {vars: {x: far}}}}", "{}",
                "{prototype: p}",
            ],
            // A map to which nearer levels add is not what one of its values is.
            ["{ansible: {user: '${{ vars.m.x }}'}, vars: {m: {x: far}}}", "{vars: {m: {y: near}}}", "{}"],
            [
                "{ansible: {user: '${{ vars.m.x }}'}, vars: {m: '${{ vars.n }}', n: {x: far}}}",
                "{vars: {n: {y: near}}}", "{}",
            ],
            ["{vars: {x: far}}", "{}", "{ansible: {user: '${{ vars.x }}'}}"],
            ["{vars: {x: far}}", "{vars: {x: near}}", "{ansible: {user: '${{ vars.x }}'}}"],
            // Lists of several levels, each of which refers for itself.
            [
                "{merge: {ansible.groups: append}, ansible: {groups: ['${{ vars.x }}']}, vars: {x: far}}",
                "{ansible: {groups: ['${{ vars.y }}']}, vars: {y: near}}", "{}",
            ],
            // The machine's own names are what it is, not what somebody says.
            ["{ansible: {host: '${{ self.certname }}', user: '${{ self.name }}'}}", "{}", "{vars: {x: near}}"],
            // What needs no trust may refer to anything.
            ["{vars: {y: '${{ vars.x }}'}, salt: {environment: '${{ vars.x }}'}}", "{vars: {x: near}}", "{}"],
        ])
    func sound(_ levels: [String]) throws {
        #expect(try machine(levels[0], levels[1], levels[2]).texts == [])
    }

    @Test(
        "is refused where a nearer level says it, however the reference leads there",
        arguments: [
            // Its value, or a value on the way to it.
            ("vars.x", "/a/web", ["{ansible: {user: '${{ vars.x }}'}, vars: {x: far}}", "{}", "{vars: {x: near}}"]),
            ("vars.x", "/a/common", ["{ansible: {user: '${{ vars.x }}'}}", "{vars: {x: near}}", "{}"]),
            (
                "vars.x", "/a/common",
                ["{ansible: {user: '${{ vars.x }}'}, vars: {x: '${{ vars.y }}', y: far}}", "{vars: {y: near}}", "{}"]
            ),
            (
                "vars.x", "/a/web",
                [
                    "{ansible: {user: 'a ${{ vars.x }}'}, vars: {x: 'b${{ vars.y }}'}}", "{vars: {y: '${{ vars.z }}'}}",
                    "{vars: {z: 1}}",
                ]
            ),
            // Parts of maps and lists.
            (
                "vars.m", "/a/common",
                ["{ansible: {extra: '${{ vars.m }}'}, vars: {m: {x: far}}}", "{vars: {m: {y: near}}}", "{}"]
            ),
            (
                "vars.m.x", "/a/common",
                [
                    "{ansible: {user: '${{ vars.m.x }}'}, vars: {m: '${{ vars.n }}', n: {x: far}}}",
                    "{vars: {n: {x: near}}}", "{}",
                ]
            ),
            (
                "vars.l", "/a/common",
                [
                    "{merge: {vars.l: append}, ansible: {groups: '${{ vars.l }}'}, vars: {l: [far]}}",
                    "{vars: {l: [near]}}", "{}",
                ]
            ),
            (
                "vars.m", "/a/common",
                [
                    "{ansible: {extra: '${{ vars.m }}'}, vars: {m: {x: far}}}",
                    "{merge: {vars.m: replace}, vars: {m: {}}}", "{}",
                ]
            ),
            // What is taken away, or fused otherwise than it was.
            (
                "vars.m", "/a/web",
                ["{ansible: {extra: '${{ vars.m }}'}, vars: {m: {x: far, y: far}}}", "{}", "{unset: [vars.m.y]}"]
            ),
            (
                "vars.l", "/a/common",
                [
                    "{ansible: {groups: '${{ vars.l }}'}, vars: {l: [a]}, prototypes: {p: {vars: {l: [b]}}}}",
                    "{merge: {vars.l: append}}", "{prototype: p}",
                ]
            ),
            // A prototype that a nearer level refines.
            (
                "vars.x", "/a/common (prototype p)",
                [
                    "{prototypes: {p: {vars: {x: far}, ansible: {user: '${{ vars.x }}'}}}}",
                    "{prototypes: {p: {vars: {x: near}}}}", "{prototype: p}",
                ]
            ),
        ])
    func refused(_ target: String, _ level: String, _ levels: [String]) throws {
        let texts = try machine(levels[0], levels[1], levels[2]).texts
        let text = try #require(texts.first)
        #expect(texts.count == 1)
        #expect(text.contains(": ${{ \(target) }} takes what \(level) says; expected it from /common or from above: "))
    }

    @Test("is refused where it leads too far to be followed, though each step was resolved before")
    func far() throws {
        let steps = (1...40).map { "a\($0): '${{ vars.\($0 == 1 ? "x" : "a\($0 - 1)") }}'" }.joined(separator: ", ")
        let far = "{vars: {x: far, \(steps)}, ansible: {user: '${{ vars.a40 }}'}}"
        let texts = try machine(far, "{vars: {x: near}}", "{}").texts
        #expect(texts.count == 1 && texts.first?.contains("leads through more than 32 references") == true)
    }

    @Test("is told beside references that lead nowhere or in a circle, of which there may be many")
    func beside() throws {
        let circle = "c: '${{ vars.d }}${{ vars.d }}', d: '${{ vars.c }}${{ vars.c }}'"
        let far =
            "{vars: {x: far, m: {\(circle.replacing("vars.", with: "vars.m.")), y: far}}, ansible: {user: '${{ vars.x }}', extra: '${{ vars.m }}'}}"
        let texts = try machine(far, "{vars: {x: near}}", "{vars: {none: '${{ vars.nothing }}'}}").texts
        #expect(texts.contains { $0.contains("takes what /a/common says") })
    }

    @Test(
        "is so of whatever needs trust",
        arguments: [
            "images: {i: {file: '${{ vars.x }}'}}", "pools: {p: {path: '${{ vars.x }}'}}", "domain: '${{ vars.x }}'",
            "hypervisors: {h: {driver: libvirt, uri: '${{ vars.x }}'}}", "networks: {n: {bridge: '${{ vars.x }}'}}",
        ])
    func keys(_ text: String) throws {
        let near = try machine("{\(text)}", "{vars: {x: /example}}", "{}")
        #expect(near.texts.contains { $0.contains("takes what /a/common says") })
        let far = try machine("{\(text), vars: {x: /example}}", "{}", "{}")
        #expect(!far.texts.contains { $0.contains("takes what") })
    }

    @Test("is so of a whole map that may hold such a key")
    func whole() throws {
        let near = try machine("{puppet: '${{ vars.p }}'}", "{vars: {p: {interpolate: true}}}", "{}")
        #expect(
            near.texts == [
                "/a/web: puppet (from /common): ${{ vars.p }} takes what /a/common says; expected it from /common or from "
                    + "above: puppet needs trust"
            ])
    }
}
