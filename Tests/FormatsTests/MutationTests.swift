import Formats
import Foundation
import TestSupport
import Testing
import Tree

@Suite("Whatever the bytes are, they are read or refused")
struct MutationTests {
    @Test("mutated documents, on a stack of 512 KiB")
    func mutations() async {
        let turns = ProcessInfo.processInfo.environment["HEADWATER_MUTATIONS"].flatMap { Int($0) } ?? 3000
        let refused = await onSmallStack { Self.run(turns: turns) }
        // Most mutations break a document, but not all.
        #expect(refused > 0 && refused < 2 * turns, "seed \(seed): \(refused) of \(2 * turns)")
    }

    /// Reads mutated documents, and gives how many were refused. A value that is read must be written and read again.
    private static func run(turns: Int) -> Int {
        var dice = Seeded(seed: seed)
        var random = RandomValue(seed: seed, allowsNULInKeys: false)
        var refused = 0
        for turn in 0..<turns {
            let value = random.value()
            let json = mutated(JSON.encode(value), &dice)
            let yaml = mutated(turn % 2 == 0 ? YAML.encode(value) : Array(sample.utf8), &dice)
            do {
                let value = try JSON.decode(json)
                if try JSON.decode(JSON.encode(value)) != value { Issue.record("seed \(seed), turn \(turn): JSON") }
            } catch { refused += 1 }
            do {
                let value = try YAML.decode(yaml)
                if try YAML.decode(YAML.encode(value)) != value { Issue.record("seed \(seed), turn \(turn): YAML") }
            } catch { refused += 1 }
        }
        return refused
    }

    static func mutated(_ bytes: [UInt8], _ dice: inout Seeded) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &dice) {
            let index = Int.random(in: 0...bytes.count, using: &dice)
            let piece = pieces.randomElement(using: &dice) ?? []
            switch Int.random(in: 0..<4, using: &dice) {
            case 0: bytes.insert(contentsOf: piece, at: index)
            case 1 where index < bytes.count: bytes[index] = .random(in: 0 ... .max, using: &dice)
            case 2: bytes.removeSubrange(index..<min(bytes.count, index + Int.random(in: 1...8, using: &dice)))
            default:
                let source = Int.random(in: 0...bytes.count, using: &dice)
                bytes.insert(contentsOf: bytes[source..<min(bytes.count, source + 20)], at: index)
            }
        }
        return bytes
    }

    private static let pieces = [
        "[", "]", "{", "}", "\"", "'", "\\", "\\u", "\\ud83d", "\\ude00", ":", ",", ": ", "- ", "? ", "\n", "\n  ",
        "\t", "&a ",
        "*a", "*b ", "<<: ", "!!int ", "!!str ", "!", "!<", "|", ">", "|2-\n", "---\n", "...\n", "%YAML 1.1\n",
        "%TAG ! x:\n",
        "#", "1e999", "99999999999999999999", "0x", "\0", "\u{FEFF}", "\u{85}", "\u{2028}", "😀", "~", "null", ".nan",
        String(repeating: "[", count: 80), String(repeating: "- ", count: 80), String(repeating: "? ", count: 80),
    ].map { Array($0.utf8) }

    private static let sample = """
        %YAML 1.2
        --- # a sample of all syntax
        anchors: &a {x: [1, 2.5, "q\\t\\u00e9", 'it''s'], y: *b}
        &k key: &b
          - *a
          - !!str 12
          - ? complex
            : |2-
               text
              more

          - >+
            folded
            text

        *k : {a, b: , "c": d}
        ...
        """
}
