import Formats
import Foundation
import OrderedCollections
import Testing
import Tree

@Suite("Other loaders read from our YAML and JSON what we wrote")
struct OtherLoaderTests {
    /// A program that reads a JSON list of YAML texts and writes the JSON list of what they mean.
    struct Loader: CustomTestStringConvertible {
        let testDescription: String
        let command: [String]

        static let all = [
            Loader(
                testDescription: "Psych, which Puppet uses",
                command: [
                    "ruby", "-ryaml", "-rjson", "-e",
                    "puts JSON.generate(JSON.parse(STDIN.read).map { |text| YAML.safe_load(text) })",
                ]),
            Loader(
                testDescription: "PyYAML, which Ansible and Salt use",
                command: [
                    "python3", "-c",
                    "import json, sys, yaml; json.dump([yaml.safe_load(text) for text in json.load(sys.stdin)], sys.stdout)",
                ]),
        ]

        func load(_ texts: [Value]) throws -> [Value]? {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = command
            let (input, output) = (Pipe(), Pipe())
            process.standardInput = input
            process.standardOutput = output
            try process.run()
            // The programs read all before they write anything, so that no pipe fills up.
            try input.fileHandleForWriting.write(contentsOf: JSON.encode(.list(texts)))
            try input.fileHandleForWriting.close()
            let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            return try JSON.decode(Array(bytes)).list
        }
    }

    @Test("random values as YAML", arguments: Loader.all)
    func yaml(loader: Loader) throws {
        var random = RandomValue(seed: seed, allowsNULInKeys: false)
        let values = (0..<1000).map { _ in withoutMergeKeys(random.value()) }
        let back = try #require(
            try loader.load(values.map { .string(String(decoding: YAML.encode($0), as: UTF8.self)) }))
        for (value, back) in zip(values, back) {
            #expect(
                value == back, "seed \(seed): \(String(decoding: YAML.encode(value), as: UTF8.self).debugDescription)")
        }
        #expect(back.count == values.count)
    }

    @Test("strings that look like something else, as YAML", arguments: Loader.all)
    func words(loader: Loader) throws {
        let values = RandomValue.words.map { Value.list([.string($0), ["key": .string($0)]]) }
        let back = try loader.load(values.map { .string(String(decoding: YAML.encode($0), as: UTF8.self)) })
        #expect(back == values)
    }

    @Test("floats in JSON, which the loaders of node classifiers take for YAML", arguments: Loader.all)
    func floats(loader: Loader) throws {
        let value: Value = [0.1, 1.0, 1e20, -1e-5, 5e300, 1.5e-7]
        #expect(try loader.load([.string(String(decoding: JSON.encode(value), as: UTF8.self))]) == [value])
    }

    /// Psych merges a map below the key `<<` even if the key is quoted.
    private func withoutMergeKeys(_ value: Value) -> Value {
        switch value {
        case .list(let list): return .list(list.map(withoutMergeKeys))
        case .map(var map):
            map.removeValue(forKey: "<<")
            return .map(map.mapValues(withoutMergeKeys))
        default: return value
        }
    }
}
