import OrderedCollections
import Store
import TestSupport
import Testing
import Tree

@Suite("The past of a place")
struct PastTests {
    private let scratch = Scratch()

    @Test(
        "is the revisions that changed what stands or stood there, and below it; names that begin alike are others",
        arguments: Engine.allCases)
    func revisions(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        let (a, b, c, d) = (EntryID.random(), EntryID.random(), EntryID.random(), EntryID.random())
        for changes in [
            [try Change.vm(a, "/x/a")], [try .vm(b, "/x-y")], [try .vm(c, "/x0")],  // 1 2 3
            [try .vm(a, "/z/a")], [try .vm(a, "/z/a", ["note": "n"])],  // 4 5
            [try .vm(d, "/x")], [try .gone(a, "/z/a")],  // 6 7
        ] { _ = try store.commit(Draft(changes)) }
        func numbers(_ path: String, before: Int? = nil, limit: Int = 9) throws -> [Int] {
            try store.revisions(of: try Path(path), before: before, limit: limit).map(\.number)
        }
        #expect(try numbers("/x") == [6, 4, 1])
        #expect(try numbers("/x/a") == [4, 1])
        #expect(try numbers("/z") == [7, 5, 4])
        #expect(try numbers("/x-y") == [2])
        #expect(try numbers("/") == [7, 6, 5, 4, 3, 2, 1])
        #expect(try numbers("/nowhere") == [])
        #expect(try numbers("/x", before: 6, limit: 1) == [4])
        #expect(try numbers("/x", limit: -1) == [])
    }

    @Test("follows an entry that stands there now to where it stood before", arguments: Engine.allCases)
    func follows(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        let id = EntryID.random()
        for path in ["/a", "/b", "/c"] { _ = try store.commit(Draft([try .vm(id, path)])) }
        #expect(try store.revisions(of: try Path("/c"), before: nil, limit: 9).map(\.number) == [3, 2, 1])
        #expect(
            try store.moves(of: id) == [
                Move(revision: 1, path: try Path("/a")), Move(revision: 2, path: try Path("/b")),
                Move(revision: 3, path: try Path("/c")),
            ])
        _ = try store.commit(Draft([try .gone(id, "/c")]))
        #expect(try store.moves(of: id).last == Move(revision: 4, path: nil))
        #expect(try store.moves(of: .random()).isEmpty)
    }

    @Test(
        "has the entry that stood there as of each revision, as the whole tree of then has it",
        arguments: Engine.allCases)
    func entries(on engine: Engine) throws {
        var generator = Seeded()
        let store = try scratch.store(on: engine)
        var tree: [Said] = []
        var paths: Set<Path> = []
        for number in 1...60 {
            let changes = RandomHistory.changes(after: tree, using: &generator)
            _ = try store.commit(Draft(changes))
            tree = RandomHistory.tree(tree, after: changes, at: number)
            paths.formUnion(tree.map(\.path))
        }
        for number in 0...60 {
            let then = Dictionary(uniqueKeysWithValues: try store.entries(at: number).map { ($0.path, Said($0)) })
            for path in paths {
                let found = try store.entry(at: path, as: number).map(Said.init)
                #expect(found == then[path], "\(path) at \(number), \(generator)")
            }
            let before = Dictionary(uniqueKeysWithValues: try store.entries(at: number - 1).map { ($0.id, Said($0)) })
            let ids = try store.changes(of: number).map(\.id)
            let found = try store.entries(before: number).mapValues(Said.init)
            #expect(found == before.filter { ids.contains($0.key) }, "before \(number), \(generator)")
        }
    }

    @Test(
        "lists the revisions that changed one of several places, within bounds, newest first",
        arguments: Engine.allCases)
    func places(on engine: Engine) throws {
        let store = try scratch.store(on: engine)
        let (a, b) = (EntryID.random(), EntryID.random())
        for changes in [
            [try Change.vm(a, "/a")], [try .vm(b, "/b")], [try .vm(b, "/c")], [try .gone(a, "/a")],
        ] { _ = try store.commit(Draft(changes)) }
        let places = [try Path("/a"), try Path("/b")]
        #expect(try store.revisions(at: places, from: 1, before: 9, limit: 9) == [4, 2, 1])
        #expect(try store.revisions(at: places, from: 2, before: 4, limit: 9) == [2])
        #expect(try store.revisions(at: places, from: 1, before: 9, limit: 1) == [4])
        #expect(try store.revisions(at: [], from: 1, before: 9, limit: 1) == [])
    }
}
