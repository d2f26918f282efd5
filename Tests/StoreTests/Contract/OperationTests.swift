import Store
import Testing
import Tree

@Suite("An operation")
struct OperationTests {
    private let scratch = Scratch()
    private let sample = Operation(verb: "create", path: .root, principal: "ana", created: 1_000)

    @Test("comes back as it was stored, with a number", arguments: Engine.allCases)
    func text(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        let operation = Operation(
            verb: "rebuild", path: try Path("/courses/so"), state: .running, build: 4, done: 3, total: 7,
            steps: [.init(time: 5, text: "définie"), .init(time: 6, text: "\"started\"\n")], error: "n/a",
            principal: "@teachers", created: 1, started: 2, ended: 3)
        let stored = try store.insert(operation)
        #expect(stored.id == 1)
        #expect(try store.operation(1) == stored)
        #expect((stored.steps, stored.path, stored.done, stored.build) == (operation.steps, operation.path, 3, 4))
        #expect(try store.operation(2) == nil)
    }

    @Test("is stored with its children, or not at all", arguments: Engine.allCases)
    func children(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
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

    @Test("is written again as it goes on, together with others or not at all", arguments: Engine.allCases)
    func progress(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        var (first, second) = (try store.insert(sample), try store.insert(sample))
        first.state = .failed
        first.build = 2
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
            message { try store.save([first, stranger]) } == "\(store.name): refused: there is no operation 99")
        #expect(try store.operation(1)?.error == "no such image")
    }

    @Test("is loaded while it has not ended", arguments: Engine.allCases, Operation.State.allCases)
    func unfinished(on engine: Engine, _ state: Operation.State) throws {
        let store = try scratch.store(on: engine)
        var operation = try store.insert(sample)
        operation.state = state
        try store.save(operation)
        #expect(try store.load().operations == (state.isEnd ? [] : [operation]))
    }

    @Test(
        "that has not ended although a later one was begun on its machine is loaded with the newest such one",
        arguments: Engine.allCases)
    func overtaken(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        let (machine, other) = (EntryID.random(), EntryID.random())
        func insert(_ machine: EntryID?, _ state: Operation.State, started: Int?) throws -> Int {
            var operation = try store.insert(
                Operation(verb: "start", path: .root, machine: machine, principal: "ana", created: 0))
            (operation.state, operation.started) = (state, started)
            try store.save(operation)
            return operation.id
        }
        let first = try insert(machine, .queued, started: nil)
        let second = try insert(machine, .running, started: 1)
        _ = try insert(other, .running, started: 1)
        _ = try insert(nil, .queued, started: nil)
        let third = try insert(machine, .done, started: 2)
        _ = try insert(machine, .cancelled, started: nil)
        #expect(try store.load().overtaken == [first: third, second: third])
    }

    @Test("names its machine, wherever that stands by now", arguments: Engine.allCases)
    func machine(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        let machine = EntryID.random()
        let stored = try store.insert(
            Operation(verb: "start", path: .root, machine: machine, principal: "ana", created: 0))
        #expect(try store.operation(stored.id)?.machine == machine)
    }

    @Test(
        "is forgotten with its parts when it ended long ago, or when many came after it; never before it has ended",
        arguments: Engine.allCases)
    func pruning(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        for number in 1...6 {
            var whole = try store.insert(sample, children: [sample, sample])
            guard number != 3 else { continue }
            for index in whole.indices {
                whole[index].state = .done
                whole[index].ended = number * 1_000
            }
            try store.save(whole)
        }
        func wholes() throws -> [Int] { try store.operations(of: nil, before: nil, limit: 100).map(\.id) }
        #expect(try wholes() == [16, 13, 10, 7, 4, 1])
        #expect(try store.prune(endedBefore: 0, keeping: 6, limit: 10) == 0)
        #expect(try store.prune(endedBefore: 3_000, keeping: 100, limit: 1) == 1)
        #expect(try wholes() == [16, 13, 10, 7, 4])
        #expect(try store.operation(2) == nil && store.operation(5) != nil)
        #expect(try store.prune(endedBefore: 3_000, keeping: 100, limit: 10) == 1)
        #expect(try wholes() == [16, 13, 10, 7])
        #expect(try store.prune(endedBefore: 0, keeping: 2, limit: 10) == 1)
        #expect(try wholes() == [16, 13, 7])
        #expect(try store.prune(endedBefore: .max, keeping: 0, limit: 10) == 2)
        #expect(try wholes() == [7])
        #expect(try store.operations(of: 7, before: nil, limit: 9).map(\.id) == [9, 8])
        // Numbers are not given again.
        #expect(try store.insert(sample).id == 19)
    }
}
