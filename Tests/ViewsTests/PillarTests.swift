import OrderedCollections
import Testing
import Tree
import Views

@Suite("Salt's documents")
struct PillarTests {
    @Test("the pillar is every variable as it is, and headwater")
    func pillar() throws {
        let pillar = Pillar.document(try machine("/web", "{vars: {profile::x: '{{ a }} %{b}', list: [1, 1.0]}}"))
        #expect(pillar.keys == ["profile::x", "list", "headwater"])
        #expect(pillar["profile::x"] == "{{ a }} %{b}")
        #expect(pillar["list"] == [1, 1.0])
    }

    @Test("the top is the list of states and the environment, base unless it is set")
    func top() throws {
        let subject = try machine("/web", "{salt: {states: [ntp, web.nginx]}}")
        #expect(json(Pillar.top(subject)) == #"{"classes":["ntp","web.nginx"],"environment":"base"}"#)
        #expect(Pillar.top(try machine()) == ["classes": [], "environment": "base"])
        #expect(Pillar.top(try machine("/web", "{salt: {environment: dev}}"))["environment"] == "dev")
    }
}
