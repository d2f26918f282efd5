import Formats
import Foundation
import OrderedCollections
import Testing
import Tree

/// The definitions of `fixtures/faculty`.
enum Faculty {
    static let directory = Repository.path("fixtures/faculty")

    /// Its machines, as the service lists them.
    struct Machine: Sendable {
        let path: String
        let certname: String
    }

    /// Writes all of it at the root, in one revision.
    static func apply(to api: API) async throws {
        let answer = try await api.send("POST", "/v1/apply", ["entries": .list(try entries())])
        try #require(answer.status == 200, "apply: \(answer.text)")
    }

    /// All machines, in the order of their paths.
    static func machines(of api: API) async throws -> [Machine] {
        let list = try await api.get("/v1/tree/?recursive=true&limit=10000")["entries"]?.list ?? []
        let machines = list.compactMap { entry -> Machine? in
            guard entry["kind"] == "vm", let path = entry["path"]?.string, let name = entry["certname"]?.string else {
                return nil
            }
            return Machine(path: path, certname: name)
        }
        try #require(machines.count == 46)
        return machines
    }

    private static func entries() throws -> [Value] {
        try FolderForm.read(directory).map { item in
            [
                "path": .string("\(item.path)"), "kind": .string(item.kind.rawValue),
                "definition": .map(item.definition),
            ]
        }
    }
}
