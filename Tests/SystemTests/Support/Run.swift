import Formats
import Foundation
import Synchronization
import Tree

/// How a program ended, and what it wrote.
struct Outcome: Sendable {
    let command: String
    /// The exit status; minus the signal if one ended it.
    let status: Int32
    let output: String
    let errors: String

    /// The output read as JSON.
    var json: Value {
        get throws { try JSON.decode(Array(output.utf8)) }
    }
}

/// Runs a program to its end.
///
/// Its output goes to files, so that no pipe can fill up. Variables are added to the environment, or removed where they
/// are nil; none of Headwater's own are passed on.
func run(
    _ program: String, _ arguments: [String] = [], environment: [String: String?] = [:], directory: String? = nil,
    input: String = "", timeout: Duration = .seconds(120)
) async throws -> Outcome {
    let scratch = try Scratch()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = variables(environment)
    if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
    let files = [
        try FileHandle(forReadingFrom: URL(fileURLWithPath: scratch.write("input", input))),
        try FileHandle(forWritingTo: URL(fileURLWithPath: scratch.write("output", ""))),
        try FileHandle(forWritingTo: URL(fileURLWithPath: scratch.write("errors", ""))),
    ]
    defer { for file in files { try? file.close() } }
    process.standardInput = files[0]
    process.standardOutput = files[1]
    process.standardError = files[2]
    let command = ([program] + arguments).joined(separator: " ")
    guard try await process.runToEnd(within: timeout) else {
        let errors = try scratch.read("errors").suffix(2000)
        throw RunError(description: "\(command) did not end within \(timeout); it wrote: \(errors)")
    }
    return Outcome(
        command: command,
        status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
        output: try scratch.read("output"), errors: try scratch.read("errors"))
}

/// The environment of this process with some variables changed.
func variables(_ changes: [String: String?]) -> [String: String] {
    var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("HEADWATER_") }
    variables["NO_COLOR"] = "1"
    for (name, value) in changes { variables[name] = value }
    return variables
}

/// A program took longer than it may, or did not do what the tests need of it.
struct RunError: Error, CustomStringConvertible {
    let description: String
}

extension Process {
    /// Starts the process and waits for its end; kills it and returns false if that takes too long.
    func runToEnd(within timeout: Duration) async throws -> Bool {
        let isOverdue = Atomic(false)
        let end = AsyncStream.makeStream(of: Void.self)
        terminationHandler = { _ in end.continuation.finish() }
        try run()
        let pid = processIdentifier
        let watch = Task {
            try await Task.sleep(for: timeout)
            isOverdue.store(true, ordering: .relaxed)
            kill(pid, SIGKILL)
        }
        for await _ in end.stream {}
        watch.cancel()
        return !isOverdue.load(ordering: .relaxed)
    }
}
