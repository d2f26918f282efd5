import Formats
import Foundation
import OrderedCollections
import Testing
import Tree

/// The cases of `fixtures/plan`: a tree in folder form, a change, and the plan of it.
///
/// `HEADWATER_RECORD=1` writes the plans over what was expected; such a run is red, so that nobody takes it for a test.
@Suite("Plans on file")
struct PlanGoldenTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../fixtures/plan").standardizedFileURL

    private static let isRecording = ProcessInfo.processInfo.environment["HEADWATER_RECORD"] == "1"

    @Test("stay as they are", arguments: try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted())
    func plans(_ name: String) async throws {
        let folder = Self.folder.appending(path: name)
        try await Site.with { site in
            try await site.begin(with: folder.appending(path: "tree"))
            let change = try String(contentsOf: folder.appending(path: "change.yaml"), encoding: .utf8)
            let reply = try await site.post("/v1/plan", yaml: change)
            #expect(reply.status == 200, "\(reply.text)")
            let file = folder.appending(path: "expected.json")
            let found = String(decoding: JSON.encode(reply.json, pretty: true), as: UTF8.self)
            if Self.isRecording {
                try Data(found.utf8).write(to: file)
                Issue.record("recorded \(name)")
            } else {
                #expect(try String(contentsOf: file, encoding: .utf8) == found)
            }
        }
    }

    @Test(
        "name the machines that a change reaches in the end, and no other",
        arguments: [
            ("moved-key", []), ("shadowed", []), ("references", ["/a/db", "/a/web", "/plain"]),
            ("strategy", ["/a/b/db", "/a/web"]), ("prototype", ["/forgotten"]), ("certname", ["/b/a/db", "/b/a/web"]),
            ("batch", ["/lab/web-1", "/lab/web-2", "/lab/web-3", "/old"]),
        ] as [(String, [String])])
    func affected(_ name: String, _ machines: [String]) async throws {
        let expected = try JSON.decode(Array(Data(contentsOf: Self.folder.appending(path: "\(name)/expected.json"))))
        #expect(expected.map?.names(in: "affected").sorted() == machines)
    }
}

extension Site {
    /// Replaces the tree by what a directory says.
    fileprivate func begin(with directory: URL) async throws {
        let entries = try FolderForm.read(directory.path).map { item -> Value in
            [
                "path": .string("\(item.path)"), "kind": .string(item.kind.rawValue),
                "definition": .map(item.definition),
            ]
        }
        let reply = try await post("/v1/apply?force=true", ["entries": .list(entries), "prune": true])
        try #require(reply.status == 200, "\(reply.text)")
    }
}
