import TestSupport
import Testing
import Tree

@Suite("A path")
struct PathTests {
    @Test("reads as its labels, and writes as it was read", arguments: ["/", "/a", "/courses/so-2/0web"])
    func reads(_ text: String) throws {
        #expect(try Path(text).description == text)
    }

    @Test("may end with a slash")
    func trailingSlash() throws {
        #expect(try Path("/courses/so/") == Path("/courses/so"))
    }

    @Test(
        "is refused with the place, the rule and a spelling that would do",
        arguments: [
            ("", "\"\" is not a path: expected one that begins with /, such as /courses/so/web"),
            ("web", "\"web\" is not a path: expected one that begins with /, such as /courses/so/web"),
            ("//", "//: a segment is empty: expected single slashes between names"),
            ("/a//b", "/a//b: a segment is empty: expected single slashes between names"),
            ("/a//", "/a//: a segment is empty: expected single slashes between names"),
            ("/a/common", "/a/common: \"common\" is reserved for a folder's own definition and cannot name an entry"),
            ("/common/a", "/common/a: \"common\" is reserved for a folder's own definition and cannot name an entry"),
            ("/Web", refused("/Web", "Web", "web")),
            ("/a/web_1", refused("/a/web_1", "web_1", "web-1")),
            ("/-a-", refused("/-a-", "-a-", "a")),
            ("/años/x", refused("/años/x", "años", "anos")),
            ("/an\u{303}os", refused("/an\u{303}os", "an\u{303}os", "anos")),
            ("/Übung für alle", refused("/Übung für alle", "Übung für alle", "uebung-fuer-alle")),
            ("/Straße", refused("/Straße", "Straße", "strasse")),
            ("/Common", refused("/Common", "Common", nil)),
            ("/☃", refused("/☃", "☃", nil)),
            ("/..", refused("/..", "..", nil)),
            ("/a b", refused("/a b", "a b", "a-b")),
        ])
    func refuses(_ text: String, _ message: String) {
        #expect(error(of: text) == message)
    }

    @Test("takes a label of 63 characters and proposes it for a longer one")
    func longLabel() throws {
        let longest = String(repeating: "a", count: 63)
        #expect(try Path("/" + longest).name == longest)
        #expect(error(of: "/a" + longest) == refused("/a" + longest, "a" + longest, longest))
    }

    @Test("proposes a legal label whenever it proposes one", arguments: ["A.B", "ÀÉÎ õü", "__x__", "1/2", "é-", "x–y"])
    func proposalIsLegal(_ segment: String) throws {
        let error = #expect(throws: PathError.self) { try Path.root.appending(segment) }
        guard case .badSegment(_, _, let proposal?) = error else {
            Issue.record("\(String(describing: error)) proposes nothing")
            return
        }
        #expect(Path.isLabel(proposal))
    }

    @Test("is not what a slash with a mark on it looks like", arguments: ["/\u{301}a", "/a\u{600}/", "/a/\u{301}b"])
    func marks(_ text: String) {
        #expect(throws: PathError.self) { try Path(text) }
    }

    @Test("has at most 32 levels")
    func depth() throws {
        let deepest = String(repeating: "/a", count: 32)
        #expect(try Path(deepest).segments.count == 32)
        let message = "\(deepest)/b: deeper than 32 levels: expected a shorter path"
        #expect(error(of: deepest + "/b") == message)
        let refusal = #expect(throws: PathError.self) { try Path(deepest).appending("b") }
        #expect(refusal?.description == message)
    }

    @Test("knows its name, its parent, its child and what is below")
    func family() throws {
        let path = try Path("/a/b")
        #expect(path.name == "b")
        #expect(path.parent?.description == "/a")
        #expect(path.parent?.parent == .root)
        #expect(Path.root.parent == nil)
        #expect(Path.root.name == "/")
        #expect(try path.appending("c") == Path("/a/b/c"))
        #expect(try path.contains(Path("/a/b/c")))
        #expect(path.contains(path))
        #expect(try !path.contains(Path("/a/bc")))
        #expect(Path.root.contains(path))
    }

    @Test("moves with the folder that holds it, unless it would stand too deep")
    func rebasing() throws {
        let path = try Path("/a/b/c")
        #expect(try path.rebased(from: Path("/a"), to: Path("/x/y")) == Path("/x/y/b/c"))
        #expect(try path.rebased(from: path, to: Path("/z")) == Path("/z"))
        #expect(try path.rebased(from: Path("/b"), to: Path("/x")) == nil)
        #expect(try path.rebased(from: .root, to: Path(String(repeating: "/a", count: 30))) == nil)
    }

    @Test("sorts after the folder that holds it, and before that folder's longer namesakes")
    func order() throws {
        let sorted = try ["/", "/a", "/a/z", "/a-b", "/b"].map { try Path($0) }
        #expect(sorted.shuffled().sorted() == sorted)
    }

    @Test("behaves as the list of its labels, whichever folders it shares")
    func law() throws {
        var seed = Seeded()
        var reader = PathReader()
        var paths: [Path] = [.root]
        for _ in 0..<60 {
            let grown = try seed.pick(paths.filter { $0.depth < 6 }).appending(seed.pick(["a", "b", "a-b"]))
            paths += [grown, try Path("\(grown)"), try reader.path("\(grown)")]
        }
        for one in paths {
            #expect(one.segments == one.description.split(separator: "/").map(String.init), "\(seed)")
            #expect(one.depth == one.segments.count && one.hostname == one.segments.reversed().joined(separator: "."))
            for other in paths {
                let (left, right) = (one.segments, other.segments)
                let shared = zip(left, right).prefix { $0 == $1 }.map(\.0)
                #expect((one == other) == (left == right), "\(seed) \(one) \(other)")
                #expect((one < other) == left.lexicographicallyPrecedes(right), "\(seed) \(one) \(other)")
                #expect(one.contains(other) == right.starts(with: left), "\(seed) \(one) \(other)")
                #expect(one.ancestor(with: other).segments == shared, "\(seed) \(one) \(other)")
                #expect(one != other || one.hashValue == other.hashValue, "\(seed) \(one) \(other)")
            }
        }
    }

    @Test(
        "is read among others as it is by itself, or refused in the same words",
        arguments: [
            "/", "/a", "/a/b", "/a/b/", "/a/c", "/a//c", "//c", "", "a", "a/b", "/a/common", "/common/a", "/a/B",
            "/A/b", "/a/\u{301}b", "/x/a", "/" + Array(repeating: "d", count: 33).joined(separator: "/"),
            "/" + Array(repeating: "d", count: 40).joined(separator: "/"),
        ])
    func reader(_ text: String) throws {
        let alone = Result { () throws(PathError) in try Path(text) }
        for before in ["/a/z", "/a/b", "/q", "/" + Array(repeating: "d", count: 32).joined(separator: "/")] {
            var reader = PathReader()
            _ = try reader.path(before)
            let result = Result { () throws(PathError) in try reader.path(text) }
            #expect(result == alone, "after \(before)")
        }
    }

    private func error(of text: String) -> String? {
        #expect(throws: PathError.self) { try Path(text) }?.description
    }
}

private func refused(_ text: String, _ segment: String, _ proposal: String?) -> String {
    let hint = proposal.map { "; \"\($0)\" would do" } ?? ""
    return "\(text): \"\(segment)\" is not a name: expected 1 to 63 of a-z, 0-9 and inner hyphens\(hint)"
}
