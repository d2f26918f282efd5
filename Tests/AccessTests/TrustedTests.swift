import Access
import OrderedCollections
import Testing
import Tree

@Suite("What needs trust")
struct TrustedTests {
    @Test(
        "is what could run code elsewhere or reach what is not one's own, wherever it is said",
        arguments: [
            ["hypervisors": ["h": ["driver": "memory"]]], ["images": ["i": ["file": "/srv/i"]]],
            ["networks": ["n": ["bridge": "br0"]]], ["pools": ["p": ["path": "/srv"]]], ["ansible": ["user": "root"]],
            ["ansible": ["templates": true]], ["puppet": ["interpolate": true]], ["unset": ["ansible.user"]],
            ["unset": ["puppet"]], ["unset": ["\"ansible\""]], ["merge": ["hypervisors.h": "replace"]],
            ["merge": ["puppet.interpolate": "replace"]], ["prototypes": ["w": ["ansible": ["port": 22]]]],
            ["prototypes": ["w": ["unset": ["images"]]]], ["domain": "lab.example"], ["unset": ["domain"]],
            // A reference in place of a map may bring in all that the map could hold.
            ["puppet": "${{ vars.p }}"], ["merge": ["*": "replace"]], ["merge": ["puppet.*": "replace"]],
        ] as [Map])
    func trusted(_ definition: Map) {
        #expect(definition.trusted == definition)
    }

    @Test(
        "is nothing else",
        arguments: [
            ["vars": ["ansible": ["user": "root"], "hypervisors": 1]], ["puppet": ["classes": ["ntp"]]],
            ["unset": ["vars.ansible", "puppet.classes"]], ["merge": ["vars.images": "append", "vars.*": "replace"]],
            ["prototypes": ["ansible": ["vars": ["a": 1]]]], ["hypervisor": "h", "image": "i"], ["access": [:]],
        ] as [Map])
    func free(_ definition: Map) {
        #expect(definition.trusted.isEmpty)
    }

    @Test("is told apart from what stands beside it")
    func mixed() {
        let definition: Map = [
            "puppet": ["classes": ["ntp"], "interpolate": false], "unset": ["vars.a", "pools"], "vars": [:],
        ]
        #expect(definition.trusted == ["puppet": ["interpolate": false], "unset": ["pools"]])
    }
}
