import Store
import Testing
import Tree

@Suite("An operation")
struct OperationTests {
    private let scratch = Scratch()
    private let sample = Operation(verb: "create", path: .root, principal: "ana", created: 1_000)

    @Test("comes back as it was stored, with a number")
    func text() throws {
        let store = try scratch.open()
        let operation = Operation(
            verb: "rebuild", path: try Path("/courses/so"), state: .running, done: 3, total: 7,
            steps: [.init(time: 5, text: "définie"), .init(time: 6, text: "\"started\"\n")], error: "n/a",
            principal: "@teachers", created: 1, started: 2, ended: 3)
        let stored = try store.insert(operation)
        #expect(stored.id == 1)
        #expect(try store.operation(1) == stored)
        #expect((stored.steps, stored.path, stored.done) == (operation.steps, operation.path, 3))
        #expect(try store.operation(2) == nil)
    }

    @Test("is stored with its children, or not at all")
    func children() throws {
        let store = try scratch.open()
        let all = try store.insert(sample, children: [sample, sample])
        #expect(all.map(\.id) == [1, 2, 3])
        #expect(all.map(\.parent) == [nil, 1, 1])
        #expect(throws: StoreError.self) {
            try store.insert(Operation(parent: 99, verb: "start", path: .root, principal: "ana", created: 0))
        }
        #expect(try store.operations(of: nil, before: nil, limit: 10).map(\.id) == [1])
        #expect(try store.operations(of: 1, before: nil, limit: 10).map(\.id) == [3, 2])
        #expect(try store.operations(of: 1, before: 3, limit: 10).map(\.id) == [2])
        #expect(try store.operations(of: 1, before: nil, limit: 1).map(\.id) == [3])
    }

    @Test("is written again as it goes on, together with others or not at all")
    func progress() throws {
        let store = try scratch.open()
        var (first, second) = (try store.insert(sample), try store.insert(sample))
        first.state = .failed
        first.error = "no such image"
        first.ended = 9
        second.done = 1
        second.steps.append(.init(time: 8, text: "defined"))
        try store.save([first, second])
        #expect(try store.operation(1) == first)
        #expect(try store.operation(2) == second)
        first.error = nil
        let stranger = Operation(id: 99, verb: "start", path: .root, principal: "ana", created: 0)
        #expect(
            message { try store.save([first, stranger]) } == "\(store.file): refused: there is no operation 99")
        #expect(try store.operation(1)?.error == "no such image")
    }

    @Test("is loaded while it has not ended", arguments: Operation.State.allCases)
    func unfinished(_ state: Operation.State) throws {
        let store = try scratch.open()
        var operation = try store.insert(sample)
        operation.state = state
        try store.save(operation)
        #expect(try store.load().operations == (state.isEnd ? [] : [operation]))
    }
}
