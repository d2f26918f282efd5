import Foundation
import Store

/// A state directory of its own for one test, gone when the test lets go of it.
final class Scratch: Sendable {
    let directory = NSTemporaryDirectory() + "headwater-store-" + UUID().uuidString

    deinit {
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// A file in the directory.
    func file(_ name: String = "headwater.sqlite") -> String {
        directory + "/" + name
    }

    /// The directory's store.
    func open(schema: Schema = .current) throws -> SQLiteStore {
        try SQLiteStore(file: file(), schema: schema)
    }

    /// Writes a file into the directory, which is made where it is missing.
    func write(_ bytes: [UInt8], to name: String = "headwater.sqlite") throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    }

    func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: file(name))
    }

    /// The permissions of the directory, or of a file in it.
    func mode(_ name: String? = nil) throws -> Int {
        let path = name.map(file) ?? directory
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return attributes[.posixPermissions] as? Int ?? -1
    }
}
