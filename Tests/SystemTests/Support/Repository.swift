import Foundation

/// Where things are in this repository, and the programs that the tests run.
enum Repository {
    /// The top of the repository: three levels above this file's directory.
    static let root = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }.path

    /// A file or directory of the repository.
    static func path(_ name: String) -> String { root + "/" + name }

    /// A program of this package, built beside the test bundle.
    static func product(_ name: String) throws -> String {
        let directory = URL(fileURLWithPath: Bundle.main.executablePath ?? CommandLine.arguments[0])
            .deletingLastPathComponent()
        let places = [directory.path, path(".build/debug")]
        return try find(name, in: places, otherwise: "swift build makes it")
    }

    /// A program that others made: in the project's virtual environment, or on the PATH.
    static func tool(_ name: String) throws -> String {
        let search = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let places = [path(".venv/bin")] + search.split(separator: ":").map(String.init)
        return try find(name, in: places, otherwise: "scripts/setup tests installs it")
    }

    private static func find(_ name: String, in places: [String], otherwise hint: String) throws -> String {
        let files = places.map { "\($0)/\(name)" }
        guard let file = files.first(where: FileManager.default.isExecutableFile) else {
            throw Missing(description: "\(name) is in none of \(places.joined(separator: ", ")); \(hint)")
        }
        return file
    }

    struct Missing: Error, CustomStringConvertible {
        let description: String
    }
}
