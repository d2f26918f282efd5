import Lifecycle
import OrderedCollections
import Testing
import Tree

@Suite("What is wanted of a machine")
struct WantedTests {
    @Test("is read as a word, or as a word with whether it is kept")
    func reading() {
        func wanted(_ value: Value) -> Wanted? { Wanted(definition: ["wanted": value]) }
        #expect(wanted("running") == Wanted(.running))
        #expect(wanted(["state": "stopped"]) == Wanted(.stopped))
        #expect(wanted(["state": "running", "keep": true]) == Wanted(.running, isKept: true))
        #expect(wanted(["state": "running", "keep": false]) == Wanted(.running))
        #expect(wanted(.null) == nil && wanted(["keep": true]) == nil && Wanted(definition: [:]) == nil)
    }

    @Test("is restored from rest and from a failure, and never while something is under way, paused or not there")
    func remedies() {
        let verbs: [State: (running: Verb?, stopped: Verb?)] = [
            .provisioned: (nil, nil), .created: (.start, nil), .starting: (nil, nil), .running: (nil, .stop),
            .paused: (nil, nil), .stopping: (nil, nil), .stopped: (.start, nil), .failed: (.start, .stop),
        ]
        for state in State.allCases {
            let failure = Failure(from: .running, cause: .crashed, reason: "x")
            let machine = Machine(state: state, failure: state == .failed ? failure : nil)
            #expect(Wanted(.running).remedy(for: machine) == verbs[state]?.running, "\(state)")
            #expect(Wanted(.stopped).remedy(for: machine) == verbs[state]?.stopped, "\(state)")
        }
        let gone = Machine(state: .failed, failure: Failure(from: .running, cause: .vanished, reason: "x"))
        #expect(Wanted(.running).remedy(for: gone) == nil && Wanted(.stopped).remedy(for: gone) == nil)
    }

    @Test("is led away from by the verbs that bring the machine to another rest")
    func overridden() {
        #expect(Verb.allCases.filter(Wanted(.running).isOverridden) == [.stop, .poweroff, .pause])
        #expect(Verb.allCases.filter(Wanted(.stopped).isOverridden) == [.start, .resume])
    }
}
