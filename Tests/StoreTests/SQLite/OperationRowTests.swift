import OrderedCollections
import Store
import Testing
import Tree

@Suite("An operation in its file")
struct OperationRowTests {
    private let scratch = Scratch()

    @Test("whose machine is no UUID is damage, named by row and column")
    func damage() throws {
        let store = try scratch.open()
        let stored = try store.insert(
            Operation(verb: "start", path: .root, machine: .random(), principal: "ana", created: 0))
        try store.tamper("UPDATE operation SET machine = 'x'")
        #expect(
            message { _ = try store.operation(stored.id) }
                == "\(store.file): is damaged: table operation, row 1, column machine: \"x\" is not a UUID; stop headwaterd "
                + "and restore the file from a backup")
    }

    @Test("of an older schema is given its machine, if it has not ended and has no parts")
    func upgrade() throws {
        let old = Schema(steps: Array(Schema.current.steps.prefix(2)))
        let (web, file) = (EntryID.random(), scratch.file())
        let store = try scratch.open(schema: old)
        _ = try store.commit(Draft([try .vm(web, "/web")]))
        let insert = """
            INSERT INTO operation (id, parent, verb, path, principal, created, state, done, total, steps) VALUES
                (1, NULL, 'start', '/web', 'ana', 0, 'done', 1, 1, '[]'),
                (2, NULL, 'start', '/web', 'ana', 0, 'running', 0, 1, '[]'),
                (3, NULL, 'start', '/', 'ana', 0, 'running', 0, 1, '[]'),
                (4, 3, 'start', '/web', 'ana', 0, 'queued', 0, 1, '[]'),
                (5, NULL, 'start', '/gone', 'ana', 0, 'queued', 0, 1, '[]')
            """
        try store.tamper(insert)
        try store.close()
        let operations = try SQLiteStore(file: file).load().operations
        #expect(operations.map(\.id) == [2, 3, 4, 5])
        #expect(operations.map(\.machine) == [web, nil, web, nil])
        #expect(operations.allSatisfy { $0.build == nil })
    }
}
