import Cascade
import Formats
import Foundation
import OrderedCollections
import Testing
import Tree

/// The cases of `fixtures/cascade`: a tree in folder form, and what is computed of it.
///
/// `HEADWATER_RECORD=1` writes what is computed over what was expected; such a run is red, so that nobody takes it for
/// a test.
@Suite("The cascade's fixtures")
struct GoldenTests {
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "fixtures/cascade", directoryHint: .isDirectory)

    private static let cases = [
        "accents", "broken", "deep-merge", "dotted-keys", "prototype-chain", "references", "strategies",
        "strategy-changed", "unset",
    ]

    @Test("give what was expected: definitions, origins, names and problems", arguments: cases)
    func expected(_ name: String) throws {
        let directory = GoldenTests.directory.appending(path: name)
        let machines = try FolderForm.machines(in: directory.appending(path: "tree", directoryHint: .isDirectory))
        try #require(!machines.isEmpty)
        let found = JSON.encode(
            .map(Map(uniqueKeysWithValues: machines.map { (Key("\($0.path)"), $0.record) })), pretty: true)
        let file = directory.appending(path: "expected.json")
        if ProcessInfo.processInfo.environment["HEADWATER_RECORD"] == "1" {
            try Data(found).write(to: file)
            Issue.record("recorded \(name)")
        }
        #expect(String(decoding: found, as: UTF8.self) == String(decoding: try Data(contentsOf: file), as: UTF8.self))
    }

    @Test("are all tested")
    func complete() throws {
        let found = try FileManager.default.contentsOfDirectory(atPath: GoldenTests.directory.path)
        #expect(found.sorted() == GoldenTests.cases)
    }
}

extension Computed {
    /// All that is computed of a machine, as a value.
    fileprivate var record: Value {
        let origins = fields.leaves.map { (Key($0.key.description), Value.string($0.field.provenance)) }
        let removed = removals.map { Value.string("\($0.key) by \($0.layer.source), was \($0.removed.provenance)") }
        return [
            "certname": .string(certname), "definition": .map(definition), "problems": .list(texts.map(Value.string)),
            "origins": .map(Map(uniqueKeysWithValues: origins)), "removed": .list(removed),
        ]
    }
}
