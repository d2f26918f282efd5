import Store
import Testing
import Tree

@Suite("The audit log")
struct AuditTests {
    private let scratch = Scratch()

    private func entry(_ number: Int, _ path: String? = nil, principal: String = "ana") throws -> AuditEntry {
        AuditEntry(
            time: number * 1_000, principal: principal, key: "token 1", address: "192.0.2.7", action: "write",
            path: try path.map { try Path($0) })
    }

    @Test("is written with the change that it tells of, or neither is", arguments: Engine.allCases)
    func together(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        var draft = Draft([try .vm(.random(), "/a")])
        draft.audit = try entry(1, "/a")
        _ = try store.commit(draft)
        draft.changes = [try .gone(.random(), "/b")]
        #expect(throws: StoreError.self) { try store.commit(draft) }
        let operation = try store.insert(
            Operation(verb: "start", path: .root, principal: "ana", created: 0), audit: try entry(2))
        let rows = try store.audit(AuditQuery(limit: 10))
        #expect(rows.map(\.operation) == [operation.id, nil] && rows.map(\.revision) == [nil, 1])
        try store.close()
    }

    @Test("is asked by place, principal, result and time, from either end", arguments: Engine.allCases)
    func queries(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        for (number, path) in ["/", "/a", "/a/b", "/ab", "/a-b", nil].enumerated() {
            try store.append([try entry(number + 1, path, principal: number < 3 ? "ana" : "eva")])
        }
        func numbers(_ change: (inout AuditQuery) -> Void) throws -> [Int] {
            var query = AuditQuery(limit: 100)
            change(&query)
            return try store.audit(query).map(\.number)
        }
        let a = try Path("/a")
        #expect(try numbers { $0.path = a } == [3, 2])
        #expect(try numbers { $0.path = .root } == [5, 4, 3, 2, 1])
        #expect(try numbers { $0.principal = "eva" } == [6, 5, 4])
        #expect(try numbers { $0.result = .refused } == [])
        #expect(try numbers { ($0.since, $0.until) = (2_000, 4_000) } == [3, 2])
        #expect(try numbers { ($0.before, $0.limit) = (5, 2) } == [4, 3])
        #expect(try numbers { ($0.after, $0.limit) = (2, 3) } == [3, 4, 5])
        try store.close()
    }
}
