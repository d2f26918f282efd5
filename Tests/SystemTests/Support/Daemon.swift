import Foundation
import Synchronization
import Testing
import Tree

/// The real daemon, as a process of its own.
final class Daemon: Sendable {
    /// Where it answers.
    let url: String
    /// The first superuser's token.
    let token: String
    let pid: Int32
    /// Its state directory, `state`, and what it wrote, `log`.
    let scratch: Scratch
    private let process: Child

    /// As the superuser.
    var api: API { API(url: url, token: token) }

    /// Starts a daemon on a free port of the loopback, and waits until it answers.
    ///
    /// - Parameter scratch: holds the state; another daemon's, ended before, to take up what that one left.
    static func start(
        in scratch: Scratch, arguments: [String] = [], environment: [String: String?] = [:]
    ) async throws -> Daemon {
        let child = try Child(
            Repository.product("headwaterd"),
            ["serve", "--listen", "127.0.0.1:0", "--state", scratch.file("state")] + arguments, environment, scratch)
        return try await Daemon(child, scratch)
    }

    private init(_ child: Child, _ scratch: Scratch) async throws {
        process = child
        pid = child.pid
        self.scratch = scratch
        do {
            let line = try await child.line(beginning: "listening on ")
            url = String(line.dropFirst("listening on ".count))
            token = try scratch.read("state/admin.token").trimmingCharacters(in: .newlines)
        } catch {
            await child.end(SIGKILL)
            throw error
        }
    }

    /// What the daemon wrote to standard error.
    var log: String {
        get throws { try scratch.read("log") }
    }

    /// Whether it still runs; one that was killed and not waited for does not.
    var isAlive: Bool {
        get {
            let state = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
            // Behind the name in brackets: proc_pid_stat(5).
            return state?.split(separator: ")").last.map { !$0.hasPrefix(" Z") } ?? false
        }
    }

    /// The time of processors that it has used, in clock ticks: proc_pid_stat(5), `utime` and `stime`.
    var processorTime: Int {
        get throws {
            let stat = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
            // Behind the name in brackets, which may itself hold a bracket.
            let fields = try #require(stat.split(separator: ")").last).split(separator: " ")
            return try #require(Int(fields[11])) + #require(Int(fields[12]))
        }
    }

    /// Ends the daemon and waits for its end.
    /// - Returns: the exit status; minus the signal if one ended it.
    @discardableResult
    func end(_ signal: Int32 = SIGTERM) async -> Int32 { await process.end(signal) }

    /// Runs a daemon while `body` runs; afterwards it must end in order, its token in no line that it wrote.
    static func run<Result>(
        arguments: [String] = [], environment: [String: String?] = [:],
        _ body: (Daemon) async throws -> Result, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Result {
        let daemon = try await start(in: Scratch(), arguments: arguments, environment: environment)
        let result: Result
        do {
            result = try await body(daemon)
        } catch {
            await daemon.end(SIGKILL)
            throw error
        }
        let status = await daemon.end()
        let log = try daemon.log
        #expect(status == 0, "the daemon said: \(log)", sourceLocation: sourceLocation)
        #expect(!log.contains(daemon.token), "the token stands in the log", sourceLocation: sourceLocation)
        return result
    }

    /// The same with the faculty's definitions applied.
    static func runFaculty<Result>(
        _ body: (Daemon) async throws -> Result, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Result {
        try await run(
            { daemon in
                try await Faculty.apply(to: daemon.api)
                return try await body(daemon)
            }, sourceLocation: sourceLocation)
    }
}
