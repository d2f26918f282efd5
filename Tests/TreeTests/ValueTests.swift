import OrderedCollections
import Testing
import Tree

@Suite("A value")
struct ValueTests {
    @Test(
        "is told by its kind, with itself where it is short",
        arguments: [
            (.null, "null", "null"), (true, "a boolean", "true"), (7, "an integer", "the integer 7"),
            (1.0, "a float", "the float 1.0"), ("x", "a string", "the string \"x\""), ([1], "a list", "a list"),
            ([:], "a map", "a map"),
            (
                .string(String(repeating: "é", count: 41)), "a string",
                "the string \"\(String(repeating: "é", count: 40))…\""
            ),
        ] as [(Value, String, String)])
    func summary(_ value: Value, _ kind: String, _ summary: String) {
        #expect(value.kind == kind)
        #expect(value.summary == summary)
    }

    @Test("keeps integers and floats apart, and the order of keys")
    func identity() {
        #expect(Value.integer(1) != .float(1))
        #expect(["a": 1, "b": 2] as Value != ["b": 2, "a": 1])
    }

    @Test("gives what it holds by its kind only")
    func access() {
        let values: [Value] = [.null, true, 7, 1.5, "x", [1], ["a": 1]]
        #expect(values.map(\.bool) == [nil, true, nil, nil, nil, nil, nil])
        #expect(values.map(\.integer) == [nil, nil, 7, nil, nil, nil, nil])
        #expect(values.map(\.string) == [nil, nil, nil, nil, "x", nil, nil])
        #expect(values.map(\.list) == [nil, nil, nil, nil, nil, [1], nil])
        #expect(values.map(\.map) == [nil, nil, nil, nil, nil, nil, ["a": 1]])
    }

    @Test("is told in a problem with entry, key and layer")
    func problems() throws {
        let web = try Path("/a/web")
        let common = try Source(path: Path("/a"), kind: .folder)
        let own = Source(path: web, kind: .vm)
        let prototype = Source(path: web, isCommon: false, prototype: "p")
        let texts = [
            Problem("m"), Problem(path: web, "m"), Problem(path: web, key: ["a", "b.c"], "m"),
            Problem(path: web, key: ["a"], layer: common, "m"), Problem(path: web, key: ["a"], layer: own, "m"),
            Problem(path: web, key: ["a"], layer: prototype, "m"), Problem(path: web, layer: common, "m"),
        ].map(\.description)
        #expect(
            texts == [
                "m", "/a/web: m", "/a/web: a.\"b.c\": m", "/a/web: a (from /a/common): m", "/a/web: a: m",
                "/a/web: a (from /a/web (prototype p)): m", "/a/web: from /a/common: m",
            ])
    }
}
