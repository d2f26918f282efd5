import OrderedCollections
import Store
import Testing
import Tree

@Suite("Records beside the tree")
struct RecordTests {
    private let scratch = Scratch()

    @Test("of machines are replaced, kept over a restart, and forgotten", arguments: Engine.allCases)
    func machines(on engine: Engine) throws {
        let (first, second) = (EntryID.random(), EntryID.random())
        do {
            let store = try scratch.store(on: engine)
            try store.save(machine: ["state": "created"], of: first)
            try store.save(machine: ["state": "running", "macs": ["52:54:00:00:00:01"]], of: first)
            try store.save(machine: [:], of: second)
            try store.close()
        }
        let store = try scratch.store(on: engine)
        #expect(
            try store.load().machines == [first: ["state": "running", "macs": ["52:54:00:00:00:01"]], second: [:]])
        try store.removeMachine(of: first)
        try store.removeMachine(of: first)
        #expect(try store.load().machines == [second: [:]])
    }

    @Test("of tokens are found, listed oldest first, and forgotten", arguments: Engine.allCases)
    func tokens(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        let first = try store.add(
            TokenRecord(hash: Array(0..<32), principal: "ana", isSuperuser: true, note: "portátil", created: 1),
            audit: nil)
        let second = try store.add(TokenRecord(hash: [255], principal: "puppet", created: 2, expires: 3), audit: nil)
        #expect((first.id, first.hash, first.note) == (1, Array(0..<32), "portátil"))
        #expect(second.id == 2)
        #expect(try store.tokens() == [first, second])
        #expect(try store.load().tokens == [first, second])
        #expect(try store.removeToken(first.id, audit: nil))
        #expect(try !store.removeToken(first.id, audit: nil))
        #expect(try store.tokens() == [second])
    }

    @Test("of tokens never give a number or a hash twice", arguments: Engine.allCases)
    func tokenNumbers(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        let token = TokenRecord(hash: [1], principal: "ana", created: 1)
        let first = try store.add(token, audit: nil)
        let refusal = message { _ = try store.add(token, audit: nil) }
        #expect(refusal?.hasPrefix("\(store.name): refused: ") == true)
        _ = try store.removeToken(first.id, audit: nil)
        #expect(try store.add(token, audit: nil).id > first.id)
    }
}
