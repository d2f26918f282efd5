import Foundation

/// Programs of the system that tests look through.
enum Shell {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs a program found on the path and returns its standard output; throws when it does not end well.
    @discardableResult
    static func run(_ words: String...) throws -> String {
        try run(words)
    }

    static func run(_ words: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        let output = Pipe()
        let errors = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let reason = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(
                description: "\(words.joined(separator: " ")) ended with \(process.terminationStatus): \(reason)")
        }
        return text
    }

    /// Starts a program that goes on by itself: nobody waits for it, and no pipe of ours is held open by it.
    static func launch(_ words: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    /// Asks the hypervisor of this host.
    @discardableResult
    static func virsh(_ words: String...) throws -> String {
        try run(["virsh", "-q", "-c", "qemu:///system"] + words)
    }
}
