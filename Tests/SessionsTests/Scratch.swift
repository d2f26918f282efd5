import Foundation
import Sessions

/// A directory of its own for one test, gone when the test lets go of it.
final class Scratch: Sendable {
    let directory = NSTemporaryDirectory() + "headwater-sessions-" + UUID().uuidString

    init() {
        try? FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: directory)
    }

    var keys: KeyFile { KeyFile(path: directory + "/session.keys") }
}
