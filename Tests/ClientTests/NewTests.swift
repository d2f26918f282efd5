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
