import OrderedCollections
import TestSupport
import Testing
import Tree

@Suite("The hierarchy")
struct HierarchyTests {
    /// `/a`, `/a/b`, `/a/b/web`, `/c` of empty definitions.
    private func small() throws -> Hierarchy {
        try ["/a", "/a/b", "/a/b/web", "/c"].reduce(Hierarchy()) { tree, path in
            try tree.setting(Entry(kind: path.hasSuffix("web") ? .vm : .folder, path: Path(path), revision: 1))
        }
    }

    private func paths(_ tree: Hierarchy) -> [String] {
        var paths: [String] = []
        tree.root.walk { paths.append($0.entry.path.description) }
        return paths
    }

    @Test("begins with a root that nobody wrote")
    func root() {
        let tree = Hierarchy()
        #expect(paths(tree) == ["/"])
        #expect(tree[.root]?.entry.kind == .folder)
        #expect(tree.root.entry.revision == 0)
    }

    @Test("finds what a path names, and nothing where nothing is")
    func finds() throws {
        let tree = try small()
        #expect(try tree[Path("/a/b/web")]?.entry.kind == .vm)
        #expect(try tree[Path("/a/x")] == nil)
        #expect(try tree[Path("/a/b/web/below")] == nil)
        #expect(tree.root.childCount == 2)
        #expect(tree.root["a"]?["b"]?.entry.path.description == "/a/b")
    }

    @Test("stays what it was when something is set, and shares what did not change")
    func persistence() throws {
        let before = try small()
        let after = try before.setting(
            Entry(kind: .vm, path: Path("/a/b/db"), definition: ["note": "new"], revision: 2))
        #expect(paths(before) == ["/", "/a", "/a/b", "/a/b/web", "/c"])
        #expect(paths(after) == ["/", "/a", "/a/b", "/a/b/db", "/a/b/web", "/c"])
        #expect(try before[Path("/c")] === after[Path("/c")])
        #expect(try before[Path("/a/b/web")] === after[Path("/a/b/web")])
        #expect(try before[Path("/a")] !== after[Path("/a")])
    }

    @Test("keeps what a folder holds when its definition is replaced")
    func replacing() throws {
        let tree = try small().setting(Entry(kind: .folder, path: Path("/a"), definition: ["note": "x"], revision: 2))
        #expect(try tree[Path("/a")]?.entry.definition == ["note": "x"])
        #expect(paths(tree) == ["/", "/a", "/a/b", "/a/b/web", "/c"])
        let renewed = tree.setting(Entry(kind: .folder, path: .root, definition: ["note": "root"], revision: 3))
        #expect(renewed.root.entry.definition == ["note": "root"])
        #expect(paths(renewed) == paths(tree))
    }

    @Test("loses an entry with all below, and stays what it was")
    func removing() throws {
        let before = try small()
        #expect(try paths(before.removing(Path("/a/b"))) == ["/", "/a", "/c"])
        #expect(try paths(before.removing(Path("/x/y"))) == paths(before))
        #expect(paths(before.removing(.root)) == ["/"])
        #expect(paths(before).count == 5)
    }

    @Test("is walked folders first, siblings by name")
    func walk() throws {
        let names = ["b", "a-b", "a", "0", "z"]
        let tree = try names.shuffled().reduce(Hierarchy()) { tree, name in
            let folder = try Path("/\(name)")
            return try tree.setting(Entry(kind: .folder, path: folder, revision: 1))
                .setting(Entry(kind: .vm, path: folder.appending("x"), revision: 1))
        }
        #expect(paths(tree) == ["/"] + names.sorted().flatMap { ["/\($0)", "/\($0)/x"] })
        #expect(tree.root.sortedChildren.map(\.entry.path.name) == names.sorted())
    }

    @Test("holds what was set last, whatever the order of changes")
    func random() throws {
        var seed = Seeded()
        var tree = Hierarchy()
        var model: [Path: Int] = [.root: 0]
        let names = ["a", "b", "c"]
        for revision in 1...600 {
            var path = Path.root
            for _ in 0...Int.random(in: 0...2, using: &seed) {
                guard let name = names.randomElement(using: &seed) else { continue }
                let child = try path.appending(name)
                path = child
                if model[child] == nil { break }
            }
            if Int.random(in: 0..<4, using: &seed) == 0 {
                tree = tree.removing(path)
                model = model.filter { !path.contains($0.key) }
            } else {
                tree = tree.setting(Entry(kind: .folder, path: path, revision: revision))
                model[path] = revision
            }
        }
        var found: [Path: Int] = [:]
        tree.root.walk { found[$0.entry.path] = $0.entry.revision }
        #expect(found == model, "\(seed)")
    }
}
