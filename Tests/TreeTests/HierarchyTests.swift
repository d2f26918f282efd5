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
        for (path, isShared) in [("/c", true), ("/a/b/web", true), ("/a", false), ("/a/b", false), ("/", false)] {
            let (one, other) = (try #require(before[Path(path)]), try #require(after[Path(path)]))
            #expect(one.isIdentical(to: other) == isShared, "\(path)")
        }
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

    @Test("finds, walks and counts what a large folder holds, whatever the order of changes")
    func largeFolder() throws {
        var seed = Seeded()
        var tree = Hierarchy()
        var model: [String: Int] = [:]
        var folders: Set<String> = []
        for revision in 1...4_000 {
            let name = "n\(Int.random(in: 0..<1_500, using: &seed))"
            let path = try Path.root.appending(name)
            folders.remove(name)
            if seed.chance(25) {
                tree = tree.removing(path)
                model[name] = nil
            } else {
                // So few that there is often none.
                let kind = Int.random(in: 0..<2_000, using: &seed) == 0 ? Kind.folder : .vm
                if kind == .folder { folders.insert(name) }
                tree = tree.setting(Entry(kind: kind, path: path, revision: revision))
                model[name] = revision
            }
            #expect(tree.root.holdsFolders == !folders.isEmpty, "\(seed)")
        }
        #expect(tree.root.childCount == model.count, "\(seed)")
        #expect(tree.root.sortedChildren.map(\.entry.path.name) == model.keys.sorted(), "\(seed)")
        for number in 0..<1_500 {
            #expect(tree.root["n\(number)"]?.entry.revision == model["n\(number)"], "\(seed)")
        }
    }

    @Test("is the same, made of all its entries at once as of one after the other")
    func atOnce() throws {
        var seed = Seeded()
        for _ in 0..<50 {
            var entries = [Entry(kind: .folder, path: .root, definition: ["note": "root"], revision: 1)]
            var folders = [Path.root]
            for number in 0..<Int.random(in: 0...300, using: &seed) {
                let isFolder = seed.chance(20)
                let path = try seed.pick(folders).appending("\(seed.pick(["a", "a-", "b"]))\(number)")
                if isFolder { folders.append(path) }
                entries.append(Entry(kind: isFolder ? .folder : .vm, path: path, revision: number))
            }
            let sorted = entries.sorted { $0.path < $1.path }
            let (once, each) = (Hierarchy(sorted), sorted.reduce(Hierarchy()) { $0.setting($1) })
            #expect(paths(once) == paths(each), "\(seed)")
            for entry in entries { #expect(once[entry.path]?.entry.layer === entry.layer, "\(seed)") }
        }
    }

    @Test("is changed where it is, and what it was copied from stays as it was")
    func inPlace() throws {
        var seed = Seeded()
        var tree = try small()
        for _ in 0..<50 {
            let (before, known) = (tree, paths(tree))
            var anew = tree
            for revision in 0..<Int.random(in: 1...200, using: &seed) {
                let folder = try Path(seed.pick(["/", "/a", "/a/b", "/c"]))
                let path = try folder.appending("n\(Int.random(in: 0..<100, using: &seed))")
                if seed.chance(30) {
                    tree.remove(path)
                    anew = anew.removing(path)
                } else {
                    let entry = Entry(kind: .vm, path: path, revision: revision)
                    tree.set(entry)
                    anew = anew.setting(entry)
                }
            }
            #expect(paths(before) == known, "\(seed)")
            #expect(paths(tree) == paths(anew), "\(seed)")
        }
    }

    @Test("leaves out what has no folder")
    func orphans() throws {
        let paths = ["/a/x", "/b", "/b/c/d", "/b/e"]
        let tree = Hierarchy(try paths.map { Entry(kind: .folder, path: try Path($0), revision: 1) })
        #expect(self.paths(tree) == ["/", "/b", "/b/e"])
    }
}
