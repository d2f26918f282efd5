import OrderedCollections
import Testing
import Tree

@testable import headwater

@Suite("New machines")
struct NewTests {
    @Test("hold what is set, and the prototypes that are named")
    func definition() throws {
        let set = try [Assignment("vars.role=web"), Assignment("hardware.cpus=2")]
        #expect(
            try NewCommand.definition(set, ["web"])
                == ["vars": ["role": "web"], "hardware": ["cpus": 2], "prototype": "web"])
        #expect(try NewCommand.definition([], ["web", "large"]) == ["prototype": ["web", "large"]])
        #expect(try NewCommand.definition([], []) == [:])
    }

    @Test(
        "have nothing to remove, and no prototype twice",
        arguments: [
            (["vars.role-"], [], "vars.role: what is new has nothing to remove; expected KEY=VALUE"),
            (
                ["prototype=web"], ["large"],
                "prototype is given twice: expected --prototype or prototype=, not both"
            ),
        ])
    func refusals(_ assignments: [String], _ prototypes: [String], _ message: String) throws {
        let failure = #expect(throws: Failure.self) {
            try NewCommand.definition(assignments.map { try Assignment($0) }, prototypes)
        }
        #expect(failure?.text == "headwater: \(message)" && failure?.status == Failure.usage)
    }

    @Test("the end of an operation tells how many machines there were, also if there was none")
    func ending() {
        for (total, state, text) in [
            (0, "done", "done, no machine"), (1, "done", "done"), (3, "done", "done, 3 machines"),
            (3, "cancelled", "cancelled, by ana"),
        ] {
            var map: Map = [
                "verb": "start", "path": "/so", "state": .string(state), "progress": ["total": .integer(total)],
            ]
            if state == "cancelled" { map["error"] = "by ana" }
            #expect(Operation(map: map).ending == "start /so: \(text)")
        }
    }

    @Test("many machines that failed for one reason are told in one line")
    func failures() {
        let many = (1...6).map { (path: "/so/m\($0)", reason: "/so/m\($0): it is full") }
        let lines = Follower.lines([("/so/a", "no disk"), many[0], ("/so/b", "/so/b is gone")] + many[1...])
        #expect(
            lines == [
                "/so/a: no disk", "/so/m1, /so/m2, /so/m3, /so/m4 and 2 more: it is full", "/so/b is gone",
            ])
        #expect(Follower.lines(Array(many[..<2])) == ["/so/m1: it is full", "/so/m2: it is full"])
    }

    @Test("who no longer waits is told how to go on, and how to give up")
    func farewell() {
        let operations = [(17, "start", "/lab"), (18, "start", "/so")].map {
            Operation(map: ["id": .integer($0.0), "verb": .string($0.1), "path": .string($0.2)])
        }
        #expect(
            Follower.farewell(operations) == """
                headwater: no longer waiting; operation 17 (start /lab), operation 18 (start /so) go on
                hint: headwater ops 17 18 --wait goes on watching, headwater ops 17 18 --cancel gives up what has not begun
                """)
    }
}
