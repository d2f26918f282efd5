import OrderedCollections
import TestSupport
import Testing
import Tree

@testable import Formats

@Suite("A long list is read in parts, and nobody can tell")
struct JSONPartsTests {
    @Test("the same value comes of a text in parts and as a whole")
    func values() throws {
        var (random, dice) = (RandomValue(seed: seed, allowsNULInKeys: false), Seeded(seed: seed))
        var split = 0
        for turn in 0..<500 {
            let bytes = JSON.encode(Self.document(&random, &dice), pretty: dice.chance(50))
            let run = Int.random(in: 1...200, using: &dice)
            let (parts, whole) = (try read(bytes, run: run), try read(bytes, run: .max))
            // Written again, for values may be equal and differ in the order of their keys.
            #expect(JSON.encode(parts) == JSON.encode(whole), "seed \(seed), turn \(turn), runs of \(run)")
            if try isSplit(bytes, run: run) { split += 1 }
        }
        #expect(split > 250, "seed \(seed): \(split) of 500 were read in parts")
    }

    @Test("the same error, or none, comes of a text that is broken somewhere")
    func mutations() async {
        let differing = await onSmallStack {
            var (random, dice) = (RandomValue(seed: seed, allowsNULInKeys: false), Seeded(seed: seed))
            return (0..<1500).filter { _ in
                let bytes = MutationTests.mutated(JSON.encode(Self.document(&random, &dice)), &dice)
                let run = Int.random(in: 1...200, using: &dice)
                return outcome(bytes, run: run) != outcome(bytes, run: .max)
            }
        }
        #expect(differing.isEmpty, "seed \(seed): turns \(differing)")
    }

    @Test(
        "what is no JSON only where two parts meet is refused with the same words",
        arguments: [
            #"{"a": [1,, 2]}"#, #"{"a": [, 1, 2]}"#, #"{"a": [1, 2,]}"#, #"{"a": [1 2, 3]}"#, #"{"a": [1, 2}}"#,
            #"{"a": [1, 2]], "b": 3}"#, #"{"a": [1, 2], [3, 4]}"#, #"{"a": [1, [2], 3]}"#, #"{"a": [1, {2], 3}}"#,
            #"{"a" [1, 2]}"#, #"{[1, 2]}"#, #"{"a": {1, 2}}"#, #"{"a": [1, 2]"#, #"{"a": [1, 2"#, #"[[1, 2], 3"#,
            #"{"a": [1, 2], "a": 3}"#, #"{"a": [1, {"b": 1, "b": 2}]}"#, #"{"a": [1, {"é": 1, "e\u0301": 2}]}"#,
            #"{"é": 0, "e\u0301": [1, 2]}"#, #"{"a": [1, "x, 2]}"#, #"{"a": [1, 2]} {"b": [3, 4]}"#,
            #"{"a": [1, 2]}, 5"#,
        ])
    func seams(text: String) {
        #expect(outcome(Array(text.utf8), run: 1) == failure(json: text))
    }

    @Test("only a list is, that the outermost map holds, and the first that is long")
    func choice() throws {
        for (text, isExpected) in [
            (#"{"a": [1, 2]}"#, true), (#"{"a": [1], "b": [2, 3], "c": [4, 5]}"#, true), (#"{"a": [[1, 2]]}"#, false),
            (#"{"a": {"b": [1, 2]}}"#, false), (#"[[1, 2], 3]"#, false), ("[1, 2]", false),
            (#"{"a": {"b": 1, "c": 2}}"#, false),
        ] {
            #expect(try isSplit(Array(text.utf8), run: 1) == isExpected, "\(text)")
            #expect(outcome(Array(text.utf8), run: 1) == failure(json: text))
        }
    }

    private func read(_ bytes: [UInt8], run: Int) throws(FormatError) -> Value {
        try JSON.decode(bytes, limits: Limits(), run: run)
    }

    private func outcome(_ bytes: [UInt8], run: Int) -> String {
        failure { () throws(FormatError) in try read(bytes, run: run) }
    }

    private func isSplit(_ bytes: [UInt8], run: Int) throws -> Bool {
        try bytes.withUnsafeBufferPointer { buffer in
            let text = try Text(format: "JSON", bytes: buffer, limits: Limits())
            return try JSONTokens(text).parts(within: Limits(), run: run) != nil
        }
    }

    /// A map with a list in it, and other members around that.
    private static func document(_ random: inout RandomValue, _ dice: inout Seeded) -> Value {
        var map: Map = [:]
        for _ in 0..<Int.random(in: 0...3, using: &dice) { map["before \(map.count)"] = random.value(depth: 3) }
        map["list"] = .list((0..<Int.random(in: 0...40, using: &dice)).map { _ in random.value(depth: 3) })
        for _ in 0..<Int.random(in: 0...3, using: &dice) { map["behind \(map.count)"] = random.value(depth: 3) }
        return .map(map)
    }
}
