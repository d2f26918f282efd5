import Formats
import Foundation
import Testing
import Tree

@Suite("Documents are bounded, on a stack of 512 KiB")
struct LimitTests {
    private static let deep = "lists and maps stand deeper than 64 levels; expected at most 64"

    @Test(
        "JSON that is too deep",
        arguments: [
            (String(repeating: "[", count: 100_000), 65),
            (String(repeating: "{\"a\":", count: 100_000), 321),
            (String(repeating: "[", count: 65) + String(repeating: "]", count: 65), 65),
        ])
    func deepJSON(text: String, column: Int) async {
        #expect(await onSmallStack { failure(json: text) } == "line 1, column \(column): \(Self.deep)")
    }

    @Test(
        "YAML that is too deep",
        arguments: [
            (String(repeating: "[", count: 100_000), "line 1, column 1"),
            (String(repeating: "[", count: 65) + String(repeating: "]", count: 65), "line 1, column 65"),
            (String(repeating: "{a: ", count: 100_000), "line 1, column 257"),
            (String(repeating: "- ", count: 100_000), "line 1, column 129"),
            ((0..<2000).map { String(repeating: " ", count: $0) + "a:\n" }.joined(), "line 65, column 65"),
            ((0..<2000).map { String(repeating: " ", count: $0) + "-\n" }.joined(), "line 65, column 65"),
            ((0..<100).map { "a\($0): &a\($0) [\($0 == 0 ? "x" : "*a\($0 - 1)")]\n" }.joined(), "line 64, column 12"),
        ])
    func deepYAML(text: String, place: String) async {
        #expect(await onSmallStack { failure(yaml: text) } == "\(place): \(Self.deep)")
    }

    @Test("the greatest depth that can be allowed is read and written")
    func greatestDepth() async throws {
        let limits = Limits(depth: .max)
        let value = (0..<Limits.maximumDepth / 2).reduce(Value.null) { value, _ in [["a": value]] }
        let back = await onSmallStack {
            [
                try? JSON.decode(JSON.encode(value), limits: limits),
                try? YAML.decode(YAML.encode(value), limits: limits),
            ]
        }
        #expect(back == [value, value])
        #expect(limits.depth == Limits.maximumDepth)
    }

    @Test("too many values")
    func nodes() {
        let limits = Limits(nodes: 4)
        let error = "the document holds more than 4 values; expected at most 4"
        #expect(failure(json: "{\"a\": [1, 2], \"b\": 3}", limits: limits) == "line 1, column 15: \(error)")
        #expect(failure(yaml: "a: [1, 2]\nb: 3", limits: limits) == "line 2, column 4: \(error)")
        #expect(failure(json: "{\"a\": [1, 2]}", limits: limits) == "no error, but \(["a": [1, 2]] as Value)")
        #expect(failure(yaml: "a: [1, 2]", limits: limits) == "no error, but \(["a": [1, 2]] as Value)")
    }

    @Test("too many bytes")
    func bytes() {
        let limits = Limits(bytes: 20)
        let error = "the document holds more than 20 bytes of text; expected at most 20"
        #expect(failure(json: "[\"0123456789012345678\"]", limits: limits) == "line 1, column 1: \(error)")
        #expect(failure(yaml: "[01234567890123456789]", limits: limits) == "line 1, column 1: \(error)")
        #expect(failure(yaml: "[&a 01234567,*a,*a]", limits: limits) == "line 1, column 17: \(error)")
    }

    @Test("aliases count as what they expand to, as values and as keys")
    func aliases() async {
        let bomb = "a0: &a0 [x, x]\n" + (1..<40).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }.joined()
        let error = "line 18, column 18: the document holds more than 1000000 values; expected at most 1000000"
        for text in [bomb, bomb + "? *a39\n: 1\n"] {
            #expect(await onSmallStack { failure(yaml: text) } == error)
        }
        let wide = "a: &a \(String(repeating: "x", count: 1 << 20))\nb: [\(String(repeating: "*a,", count: 100))]"
        #expect(
            failure(yaml: wide)
                == "line 2, column 191: the document holds more than 67108864 bytes of text; expected at most 67108864")
    }

    @Test("very many directives, which libyaml compares with each other")
    func directives() throws {
        let tags = (0..<100_000).map { "%TAG !a\($0)! tag:example.org,2000:\n" }
        let error = "the document has more than 64 %TAG directives; expected at most 64"
        #expect(failure(yaml: tags.joined() + "--- a") == "line 65, column 1: \(error)")
        #expect(failure(yaml: "a\n...\n" + tags.joined() + "--- a") == "line 67, column 1: \(error)")
        #expect(try YAML.decode(Array((tags.prefix(64).joined() + "--- a # %TAG").utf8)) == "a")
    }
}
