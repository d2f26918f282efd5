import Cascade
import HashTreeCollections
import OrderedCollections
import Testing
import Tree
import Views

@testable import Service

@Suite("A document that is kept")
struct CachedDocumentTests {
    /// Two machines in one folder, one in another.
    private static let paths = ["/", "/a", "/a/b", "/a/b/m", "/a/b/n", "/a/c", "/a/c/o"]

    @Test("is current as long as its machine, the folders above it and what is known of it are what they were")
    func current() throws {
        let before = try Snapshot(Self.paths)
        let kept = try before.cachedDocument(of: "/a/b/m")
        #expect(kept.isCurrent(in: before))
        for path in Self.paths {
            let rewritten = try before.changing {
                $0.set(try Entry(at: path, as: try before.tree[Path(path)]?.entry.id))
            }
            #expect(kept.isCurrent(in: rewritten) == ["/a/b/n", "/a/c", "/a/c/o"].contains(path), "\(path)")
            let known = try #require(try before.tree[Path(path)]).entry.id
            let knowing = before.knowing([known: Record(silence: "it does not answer")])
            #expect(kept.isCurrent(in: knowing) == (path != "/a/b/m"), "\(path)")
        }
        for (path, isCurrent) in [("/a/b/m", false), ("/a/b", false), ("/a", false), ("/a/b/n", true), ("/a/c", true)] {
            let removed = try before.changing { $0.remove(try Path(path)) }
            #expect(kept.isCurrent(in: removed) == isCurrent, "\(path)")
        }
    }
}

extension Snapshot {
    fileprivate convenience init(_ paths: [String]) throws {
        self.init(revision: 1, entries: try paths.map { try Entry(at: $0) }, records: [:])
    }

    fileprivate func changing(_ change: (inout Hierarchy) throws -> Void) rethrows -> Snapshot {
        var tree = tree
        try change(&tree)
        return Snapshot(
            revision: revision + 1, tree: tree, records: records, index: Index(tree, inheritances),
            inheritances: inheritances, policy: policy, reach: reach)
    }

    fileprivate func cachedDocument(of path: String) throws -> CachedDocument {
        let entry = try #require(try tree[Path(path)]).entry
        let inheritance = try #require(entry.path.parent.flatMap { self.inheritance(of: $0) })
        return CachedDocument(
            Document(.map([:])), key: Tree.Key(path), entry: entry, certname: path, inheritance: inheritance,
            record: record(of: entry))
    }
}

extension Entry {
    /// A machine if its name is one letter of m to o, or else a folder.
    fileprivate init(at path: String, as id: EntryID? = nil) throws {
        let path = try Path(path)
        let kind: Kind = ["m", "n", "o"].contains(path.name) ? .vm : .folder
        self.init(id: id ?? .random(), kind: kind, path: path, definition: [:], revision: 1)
    }
}
