import Foundation

/// A directory of its own for a test, which goes with it.
final class Scratch: Sendable {
    let directory: String

    init() {
        directory = FileManager.default.temporaryDirectory.path + "/headwater-\(UUID().uuidString)"
        try? FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: directory)
    }

    func path(_ name: String) -> String { directory + "/" + name }

    /// Writes a file, and the directories that it stands in.
    func write(_ name: String, _ text: String) {
        let file = URL(fileURLWithPath: path(name))
        try? FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try? Data(text.utf8).write(to: file)
    }

    func read(_ name: String) -> String? {
        FileManager.default.contents(atPath: path(name)).map { String(decoding: $0, as: UTF8.self) }
    }
}
