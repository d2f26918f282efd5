import TestSupport
import Testing
import Tree

@Suite("An entry")
struct EntryTests {
    @Test("has an identity that reads as it is written, in both cases of its letters")
    func roundTrip() {
        var seed = Seeded()
        for _ in 0..<200 {
            let id = EntryID.random(using: &seed)
            #expect(EntryID(id.description) == id, "\(seed)")
            #expect(EntryID(id.description.uppercased()) == id, "\(seed)")
        }
    }

    @Test("has an identity that is a random UUID of RFC 9562")
    func version() {
        for _ in 0..<50 {
            let text = Array(EntryID.random().description)
            #expect(text.count == 36)
            #expect(text[14] == "4")
            #expect("89ab".contains(text[19]))
        }
    }

    @Test("keeps the zeros of its identity")
    func zeros() {
        let text = "00000000-0000-4000-8000-00000000000a"
        #expect(EntryID(text)?.description == text)
    }

    @Test(
        "has no identity but 36 characters of a UUID",
        arguments: [
            "", "0", "00000000000040008000000000000000", "00000000-0000-4000-8000-00000000000",
            "00000000-0000-4000-8000-00000000000g", "0000000-00000-4000-8000-000000000000",
            "00000000-0000-4000-8000-0000000000é", "+0000000-0000-4000-8000-000000000000",
        ])
    func refuses(_ text: String) {
        #expect(EntryID(text) == nil)
    }

    @Test("names the layer that its definition is")
    func sources() throws {
        #expect(Entry(kind: .folder, path: .root, revision: 1).layer.source.description == "/common")
        #expect(try Entry(kind: .folder, path: Path("/a"), revision: 1).layer.source.description == "/a/common")
        #expect(try Entry(kind: .vm, path: Path("/a"), revision: 1).layer.source.description == "/a")
        let prototype = Source(path: .root, isCommon: true, prototype: "web")
        #expect(prototype.description == "/common (prototype web)")
    }
}
