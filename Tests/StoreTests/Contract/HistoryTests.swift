import OrderedCollections
import Store
import TestSupport
import Testing
import Tree

@Suite("The history")
struct HistoryTests {
    private let scratch = Scratch()

    @Test("lists revisions newest first, page by page", arguments: Engine.allCases)
    func pages(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        for number in 1...7 { _ = try store.commit(Draft([], time: number)) }
        #expect(try store.revisions(before: nil, limit: 3).map(\.number) == [7, 6, 5])
        #expect(try store.revisions(before: 5, limit: 3).map(\.number) == [4, 3, 2])
        #expect(try store.revisions(before: 2, limit: 3).map(\.number) == [1])
        #expect(try store.revisions(before: 1, limit: 3).isEmpty)
        #expect(try store.revisions(before: nil, limit: 0).isEmpty)
        #expect(try store.revisions(before: nil, limit: -1).isEmpty)
    }

    @Test("says what a revision changed, in the order of the draft", arguments: Engine.allCases)
    func changes(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        let (first, second) = (EntryID.random(), EntryID.random())
        let drafts = [
            [try Change.vm(second, "/b", ["note": "one"]), try .vm(first, "/a")],
            [try .gone(second, "/b"), .set(id: first, kind: .folder, path: try Path("/c"), definition: [:])],
        ]
        for changes in drafts { _ = try store.commit(Draft(changes)) }
        #expect(try store.changes(of: 1) == drafts[0])
        #expect(try store.changes(of: 2) == drafts[1])
        #expect(try store.changes(of: 3).isEmpty)
    }

    @Test("begins with an empty tree and ends with the current one", arguments: Engine.allCases)
    func ends(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        _ = try store.commit(Draft([try .vm(.random(), "/a")]))
        #expect(try store.entries(at: 0).isEmpty)
        #expect(try store.entries(at: -1).isEmpty)
        #expect(try store.entries(at: 99).map(Said.init) == store.said())
    }

    @Test("gives a folder before what it holds", arguments: Engine.allCases)
    func order(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        let paths = ["/a", "/a/b", "/a/b/c", "/a-b", "/a0", "/b", "/"]
        _ = try store.commit(Draft(try paths.reversed().map { try .vm(.random(), $0) }))
        for entries in [try store.load().entries, try store.entries(at: 1)] {
            let found = entries.map(\.path)
            for (index, path) in found.enumerated() {
                if let parent = path.parent { #expect(found[..<index].contains(parent), "\(path) before \(parent)") }
            }
        }
    }

    @Test("gives the tree of every revision as a model remembers it", arguments: Engine.allCases)
    func model(on engine: Engine) throws {
        var generator = Seeded()
        let store = try scratch.store(on: engine)
        var trees: [[Said]] = [[]]
        for number in 1...60 {
            let changes = RandomHistory.changes(after: trees[number - 1], using: &generator)
            _ = try store.commit(Draft(changes))
            trees.append(RandomHistory.tree(trees[number - 1], after: changes, at: number))
        }
        for (number, tree) in trees.enumerated() {
            let found = try store.entries(at: number).map(Said.init)
            #expect(Set(found) == Set(tree), "revision \(number), \(generator)")
            #expect(found.count == tree.count, "revision \(number), \(generator)")
        }
        #expect(try Set(store.said()) == Set(trees[60]), "\(generator)")
    }
}
