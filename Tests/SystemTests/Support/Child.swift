import Foundation
import Synchronization

/// A process that runs beside a test; what it writes goes to the files `output` and `log` of a directory.
///
/// Ended at the latest when the tests' own process ends in order.
final class Child: Sendable {
    let pid: Int32
    private let scratch: Scratch
    private let ended: Task<Int32, Never>

    init(_ program: String, _ arguments: [String], _ environment: [String: String?], _ scratch: Scratch) throws {
        self.scratch = scratch
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = variables(environment)
        process.currentDirectoryURL = URL(fileURLWithPath: scratch.path)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: scratch.write("output", "")))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: scratch.write("log", "")))
        let end = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { process in
            let status = process.terminationStatus
            end.continuation.yield(process.terminationReason == .exit ? status : -status)
            end.continuation.finish()
        }
        try process.run()
        pid = process.processIdentifier
        Survivors.add(pid)
        ended = Task { [pid] in
            var status: Int32 = 0
            for await last in end.stream { status = last }
            Survivors.remove(pid)
            return status
        }
    }

    /// Waits for the end.
    /// - Returns: the exit status; minus the signal if one ended it.
    var status: Int32 {
        get async { await ended.value }
    }

    /// Sends a signal and waits for the end, which is forced if it does not come.
    @discardableResult
    func end(_ signal: Int32) async -> Int32 {
        kill(pid, signal)
        let force = Task { [pid] in
            try await Task.sleep(for: .seconds(30))
            kill(pid, SIGKILL)
        }
        defer { force.cancel() }
        return await status
    }

    /// Waits for a whole line of the output that begins so.
    func line(beginning start: String) async throws -> String {
        try await line("began with \"\(start)\"") { $0.hasPrefix(start) }
    }

    /// Waits for a whole line of the output that has one of these texts in it.
    @discardableResult
    func line(containing texts: String...) async throws -> String {
        try await line("had one of \(texts) in it") { line in texts.contains { line.contains($0) } }
    }

    private func line(_ what: String, _ isMeant: (Substring) -> Bool) async throws -> String {
        for _ in 0..<600 {
            let lines = try scratch.read("output").split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            if let line = lines.first(where: isMeant) { return String(line) }
            guard kill(pid, 0) == 0 else { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw RunError(description: "no line \(what); standard error: \(try scratch.read("log"))")
    }
}

/// The processes that are to be killed when this one ends before they did.
private enum Survivors {
    private static let pids = Mutex<Set<Int32>>([])

    static func add(_ pid: Int32) {
        _ = watch
        pids.withLock { _ = $0.insert(pid) }
    }

    static func remove(_ pid: Int32) {
        pids.withLock { _ = $0.remove(pid) }
    }

    private static let watch: Void = {
        atexit { Survivors.pids.withLock { for pid in $0 { kill(pid, SIGKILL) } } }
    }()
}
