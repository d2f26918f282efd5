import Foundation

/// An authority such as Puppet's and the certificates it signed, made by `fixtures/tls/authority.rb`.
public final class TestAuthority: Sendable {
    public let directory: String

    /// - Parameter certnames: machines that get good certificates, in files of their names.
    public init(_ certnames: String...) throws {
        directory = NSTemporaryDirectory() + "headwater-authority-" + UUID().uuidString
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["ruby", TestAuthority.script, directory] + certnames
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "\(TestAuthority.script) ended with \(process.terminationStatus)")
        }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// A file that the script made.
    public func file(_ name: String) -> String { directory + "/" + name }

    /// Replaces a file by another one, or by a text.
    public func replace(_ name: String, by other: String) throws {
        try Data(contentsOf: URL(fileURLWithPath: file(other))).write(to: URL(fileURLWithPath: file(name)))
    }

    public func write(_ name: String, _ text: String, mode: Int = 0o600) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file(name))
    }

    private static let script =
        (0..<3).reduce(URL(fileURLWithPath: #filePath)) { url, _ in
            url.deletingLastPathComponent()
        }.path + "/fixtures/tls/authority.rb"

    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }
}
