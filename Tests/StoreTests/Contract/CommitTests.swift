import OrderedCollections
import Store
import Testing
import Tree

@Suite("A commit")
struct CommitTests {
    private let scratch = Scratch()

    @Test("makes revisions 1, 2, 3 and says what it made", arguments: Engine.allCases)
    func numbers(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        for number in 1...3 {
            let draft = Draft(
                principal: "ana", address: "192.0.2.7", message: "más máquinas", time: 1_700_000_000_000 + number,
                changes: [try .vm(.random(), "/web-\(number)")])
            let expected = Revision(
                number: number, time: 1_700_000_000_000 + number, principal: "ana", address: "192.0.2.7",
                message: "más máquinas", changes: 1)
            #expect(try store.commit(draft) == expected)
            #expect(try store.revision(number) == expected)
        }
        #expect(try store.load().revision == 3)
        #expect(try store.revision(0) == nil)
        #expect(try store.revision(4) == nil)
    }

    @Test("of several drafts makes one revision of each, in their order", arguments: Engine.allCases)
    func several(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        let id = EntryID.random()
        let drafts = try (1...3).map { Draft([try .vm(id, "/web-\($0)")], principal: "ana-\($0)") }
        #expect(try store.commit(drafts).map(\.number) == [1, 2, 3])
        #expect(try (1...3).map { try store.revision($0)?.principal } == ["ana-1", "ana-2", "ana-3"])
        #expect(try store.load().entries.map(\.path.description) == ["/web-3"])
    }

    @Test("of several drafts makes none if one is refused", arguments: Engine.allCases)
    func severalRefused(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        let drafts = [Draft([try .vm(.random(), "/a")]), Draft([try .gone(.random(), "/b")])]
        #expect(throws: StoreError.self) { try store.commit(drafts) }
        #expect(try store.load().revision == 0)
        #expect(try store.said().isEmpty)
    }

    @Test("is there when the store is opened again", arguments: Engine.allCases)
    func reopening(on engine: Engine) throws {
        let id = EntryID.random()
        do {
            let store = try scratch.store(on: engine)
            _ = try store.commit(Draft([try .vm(id, "/web", ["vars": ["a": 1]])]))
            try store.close()
        }
        let store = try scratch.store(on: engine)
        let entry = Entry(id: id, kind: .vm, path: try Path("/web"), definition: ["vars": ["a": 1]], revision: 1)
        #expect(try store.said() == [Said(entry)])
        #expect(try store.commit(Draft([])).number == 2)
    }

    @Test("gives its number to the entries that it changes, and to no other", arguments: Engine.allCases)
    func entryRevisions(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        let (first, second) = (EntryID.random(), EntryID.random())
        _ = try store.commit(Draft([try .vm(first, "/a"), try .vm(second, "/b")]))
        _ = try store.commit(Draft([try .vm(second, "/b", ["note": "new"])]))
        #expect(try store.load().entries.map(\.revision) == [1, 2])
    }

    @Test(
        "gives definitions back exactly: values, kinds of numbers, order of keys, every character",
        arguments: Engine.allCases)
    func exactness(on engine: Engine) throws {
        let definition: Map = [
            "vars": [
                "z": 1, "a": 1.0, "m": 0.1, "tiny": .float(.leastNonzeroMagnitude), "huge": 1.7976931348623157e308,
                "minus zero": -0.0,
                "most": .integer(.max), "least": .integer(.min), "null": .null, "true": true, "": "",
                "text": "\u{0}\u{1F}\"\\/\u{7F}\u{2028}\u{FFFD}\u{FFFF}\u{10FFFF} ñ 🔑 e\u{301}",
                "list": [1, [2.0], [:]],
                "ключ": "значение", "quote'\"": "a; DROP TABLE entry; --",
            ],
            "note": .string(String(repeating: "largo ", count: 100_000)),
        ]
        let store = try scratch.store(on: engine)
        _ = try store.commit(Draft([try .vm(.random(), "/web", definition)]))
        for entry in [try store.load().entries.first, try store.entries(at: 1).first] {
            let read = try #require(entry?.definition)
            #expect(read == definition)
            #expect(read["vars"]?.map?.keys == definition["vars"]?.map?.keys)
            guard case .float(let zero)? = read["vars"]?.map?["minus zero"] else {
                Issue.record("a float became another kind")
                continue
            }
            #expect(zero.sign == .minus)
        }
    }

    @Test("lets entries exchange their paths", arguments: Engine.allCases)
    func exchange(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        let (first, second, third) = (EntryID.random(), EntryID.random(), EntryID.random())
        _ = try store.commit(Draft([try .vm(first, "/a"), try .vm(second, "/b"), try .vm(third, "/c")]))
        _ = try store.commit(Draft([try .vm(first, "/b"), try .vm(second, "/c"), try .vm(third, "/a")]))
        #expect(try store.load().entries.map(\.id) == [third, first, second])
        #expect(try store.entries(at: 1).map(\.id) == [first, second, third])
    }

    @Test("lets an entry take the path of one that it removes", arguments: Engine.allCases)
    func replacement(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        let (old, new) = (EntryID.random(), EntryID.random())
        _ = try store.commit(Draft([try .vm(old, "/a")]))
        _ = try store.commit(Draft([try .vm(new, "/a"), try .gone(old, "/a")]))
        #expect(try store.load().entries.map(\.id) == [new])
    }

    @Test("gives a removed entry back when it is set again", arguments: Engine.allCases)
    func restoring(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        let id = EntryID.random()
        _ = try store.commit(Draft([try .vm(id, "/a", ["note": "old"])]))
        _ = try store.commit(Draft([try .gone(id, "/a")]))
        _ = try store.commit(Draft([try .vm(id, "/b", ["note": "new"])]))
        #expect(try store.entries(at: 1).map(\.path.description) == ["/a"])
        #expect(try store.entries(at: 2).isEmpty)
        #expect(try store.entries(at: 3).map(\.path.description) == ["/b"])
    }

    @Test("is refused whole, with the path, when two entries would stand at one", arguments: Engine.allCases)
    func collision(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        _ = try store.commit(Draft([try .vm(.random(), "/a")]))
        let before = try store.said()
        #expect(
            message { _ = try store.commit(Draft([try .vm(.random(), "/b"), try .vm(.random(), "/a")])) }
                == "\(store.name): refused: two entries would stand at /a")
        #expect(try store.said() == before)
        #expect(try store.load().revision == 1)
        #expect(try store.changes(of: 2).isEmpty)
    }

    @Test("is refused when it changes an entry twice", arguments: Engine.allCases)
    func twice(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        let id = EntryID.random()
        #expect(
            message { _ = try store.commit(Draft([try .vm(id, "/a"), try .vm(id, "/b")])) }
                == "\(store.name): refused: entry \(id) is changed twice in one draft, the second time at /b")
        #expect(try store.load().entries.isEmpty)
    }

    @Test("is refused when it removes what does not stand there", arguments: Engine.allCases)
    func removal(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        let id = EntryID.random()
        _ = try store.commit(Draft([try .vm(id, "/a")]))
        #expect(
            message { _ = try store.commit(Draft([try .gone(id, "/b")])) }
                == "\(store.name): refused: /b cannot be removed: entry \(id) does not stand there")
        #expect(try store.said().count == 1)
    }

    @Test("leaves no gap in the numbers where one was refused", arguments: Engine.allCases)
    func gaps(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        let id = EntryID.random()
        _ = try store.commit(Draft([try .vm(id, "/a")]))
        #expect(throws: StoreError.self) { try store.commit(Draft([try .gone(.random(), "/a")])) }
        #expect(try store.commit(Draft([try .gone(id, "/a")])).number == 2)
    }

    @Test("may come from many threads at once", arguments: Engine.allCases)
    func threads(on engine: Engine) async throws {
        let store = try scratch.store(on: engine)
        let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<100 {
                group.addTask { try store.commit(Draft([try .vm(.random(), "/web-\(index)")])).number }
                group.addTask { try store.load().revision }
            }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(numbers.max() == 100)
        #expect(try store.revisions(before: nil, limit: .max).map(\.number) == (1...100).reversed())
        #expect(try store.said().count == 100)
    }
}
